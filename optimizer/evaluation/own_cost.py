"""The loss of a participant, and what each of its rights avoids of it.

Costs are without the weight of its priority class.
"""

from collections.abc import Callable
from dataclasses import dataclass, replace

import numpy as np

from models.instance import Instance
from models.rights_in_force import unpaid_years
from optimizer.evaluation.decisions import Decisions, nothing_held
from optimizer.evaluation.output import helped
from optimizer.evaluation.replay import HoldingReplay, PlanReplay, replay
from optimizer.membership import members_of, with_members
from optimizer.problem import discount_factors
from optimizer.scenarios.scenario_set import Booleans, Floats, Positions, ScenarioSet


@dataclass(frozen=True, slots=True)
class OwnCosts:
    """Discounted US dollars of one participant by scenario (w), by right (i, w).

    avoided is what each right spares it, the rest of the plan as it is; avoided_alone
    what it would spare if nothing else were held or signed. fees is what it pays for
    the right; has_gap says whether it ever lacks some of the right's material.
    by_membership is what it is spared as a member, 0 in a case without membership.
    """

    with_plan: Floats
    without_vault: Floats
    avoided: Floats
    avoided_alone: Floats
    fees: Floats
    has_gap: Booleans
    by_membership: Floats


def own_costs(
    instance: Instance, decisions: Decisions, o: int, scenarios: ScenarioSet
) -> OwnCosts:
    """Return the costs of participant o; rights in the order of their offers."""

    def follow(tried: Decisions, chosen: Positions) -> Floats:
        """Return the own cost of some scenarios under other decisions (w, t)."""
        tried_out = replay(instance, scenarios.select(chosen), tried)
        return own_cost(instance, tried_out, o)

    happened = replay(instance, scenarios, decisions)
    bare = replay(instance, scenarios, nothing_held(instance))
    worlds = _Worlds(
        decisions=decisions,
        nothing=nothing_held(instance),
        cost=own_cost(instance, happened, o),
        bare=own_cost(instance, bare, o),
    )
    # Where nothing is supplied both worlds are one, however ties are shared out.
    without = np.where(helped(happened), worlds.bare, worlds.cost)
    rights = [part for part in happened.held if part.holding.o == o]
    number = scenarios.number_of_scenarios
    spared = [_spared(follow, worlds, right) for right in rights]
    return OwnCosts(
        with_plan=worlds.cost.sum(axis=1),
        without_vault=without.sum(axis=1),
        avoided=_stacked([x for x, _ in spared], number),
        avoided_alone=_stacked([x for _, x in spared], number),
        fees=_stacked([fees_of_right(instance, right) for right in rights], number),
        has_gap=np.array(
            [has_own_gap(happened, o, x.holding.m) for x in rights], dtype=np.bool_
        ).reshape(len(rights), number),
        by_membership=_by_membership(instance, scenarios, decisions, o, happened),
    )


def own_cost(instance: Instance, happened: PlanReplay, o: int) -> Floats:
    """Return what participant o loses (w, t): units not made, emergency purchases."""
    recourse, allocation = happened.recourse, happened.allocation
    owners = np.array(instance.index.owner)
    cost = np.zeros(happened.cost.shape)
    mine = owners[recourse.shortage_product] == o
    entry = recourse.shortage_entry[mine]
    lost = (recourse.shortage_cost * allocation.shortage)[mine]
    np.add.at(cost, (recourse.products.w[entry], recourse.products.t[entry]), lost)
    mine = _own_gaps(happened, o)
    bought = (recourse.emergency_cost * allocation.emergency)[mine]
    np.add.at(cost, (recourse.gap_w[mine], recourse.gap_t[mine]), bought)
    return cost / instance.index.weight[o] * discount_factors(instance)


def _by_membership(
    instance: Instance,
    scenarios: ScenarioSet,
    decisions: Decisions,
    o: int,
    happened: PlanReplay,
) -> Floats:
    """Return what the participant loses less as a member than outside (w).

    happened is what happens as it is.
    """
    if instance.membership is None:
        return np.zeros(scenarios.number_of_scenarios)
    turned = _turned(instance, instance.participants[o].id)
    other = replay(turned, scenarios, decisions)
    more = own_cost(turned, other, o) - own_cost(instance, happened, o)
    more = np.where(helped(happened) | helped(other), more, 0.0).sum(axis=1)
    return more if instance.index.is_member[o] else -more


def _turned(instance: Instance, participant: str) -> Instance:
    """Return the case in which a member has left, or another one has joined."""
    members = members_of(instance)
    rest = tuple(x for x in members if x != participant)
    left = rest if participant in members else (*members, participant)
    return with_members(instance, left)


@dataclass(frozen=True, slots=True)
class _Worlds:
    """The plan and nothing, with the own cost of each (w, t)."""

    decisions: Decisions
    nothing: Decisions
    cost: Floats
    bare: Floats


def _spared(
    follow: Callable[[Decisions, Positions], Floats],
    worlds: _Worlds,
    right: HoldingReplay,
) -> tuple[Floats, Floats]:
    """Return what the right spares its holder beside the plan, and alone (w).

    Only scenarios in which it is drawn are followed again, and only the periods with a
    draw are compared: elsewhere both worlds are one. What is drawn depends on the own
    gap alone, so it is the same whatever else is held.
    """
    drawn = right.response.released.sum(axis=0) > 0
    chosen = np.flatnonzero(drawn.any(axis=1))
    avoided, alone = np.zeros(len(drawn)), np.zeros(len(drawn))
    if len(chosen) == 0:
        return avoided, alone
    rest = tuple(x for x in worlds.decisions.tranches if x not in right.tranches)
    more = follow(replace(worlds.decisions, tranches=rest), chosen)
    more -= worlds.cost[chosen]
    only = replace(worlds.nothing, tranches=right.tranches)
    less = worlds.bare[chosen] - follow(only, chosen)
    avoided[chosen] = np.where(drawn[chosen], more, 0.0).sum(axis=1)
    alone[chosen] = np.where(drawn[chosen], less, 0.0).sum(axis=1)
    return avoided, alone


def fees_of_right(instance: Instance, right: HoldingReplay) -> Floats:
    """Return upfront and carrying fees (w), discounted."""
    offer = right.holding.offer
    if offer is None:
        msg = "a pool has no fees, expected a right"
        raise ValueError(msg)
    years = np.array(unpaid_years(instance, right.holding.in_force))
    on_hand = right.response.on_hand.sum(axis=0)
    carried = offer.carrying_fee_usd_per_tonne_year * years * on_hand
    upfront = offer.upfront_fee_usd_per_tonne * right.policies.target.sum()
    return upfront + carried @ discount_factors(instance)


def has_own_gap(happened: PlanReplay, o: int, m: int) -> Booleans:
    """Return whether participant o ever lacks some of material m (w)."""
    pairs = np.array(happened.market.pairs, dtype=np.int64).reshape(-1, 2)
    recourse = happened.recourse
    here = _own_gaps(happened, o) & (pairs[recourse.gap_pair, 1] == m)
    found = np.zeros(happened.cost.shape[0], dtype=np.bool_)
    found[recourse.gap_w[here]] = True
    return found


def _own_gaps(happened: PlanReplay, o: int | None) -> Booleans:
    pairs = np.array(happened.market.pairs, dtype=np.int64).reshape(-1, 2)
    return pairs[happened.recourse.gap_pair, 0] == o


def _stacked(rows: list[Floats], number: int) -> Floats:
    return np.array(rows).reshape(len(rows), number)
