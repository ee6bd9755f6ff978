"""Rules followed through the same scenarios: what pools release, what that costs.

Rights, contracts and draws do as in the plan whatever the pools do, since their rules
read what is observed and not what pools hold.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from models.instance import Instance
from models.rule import ReleaseRule
from optimizer.evaluation.books import settle
from optimizer.evaluation.decisions import Decisions
from optimizer.evaluation.replay import (
    PlanReplay,
    replay,
    supply_of_others,
    tonnes_of_others,
)
from optimizer.policies.response import Response, respond
from optimizer.problem import discount_factors
from optimizer.recourse.allocation import Supply, allocate_each
from optimizer.rule_comparison.pools import Pool, pools_of, rule_policies
from optimizer.rule_comparison.price_trigger import on_price_alert, trigger_rule
from optimizer.scenarios.scenario_set import Floats, ScenarioSet


@dataclass(frozen=True, slots=True)
class Behaviour:
    """What one pool does (w, t): tonnes released, and money earned less paid.

    for_others is the part of what is released that others than members share, if any.
    """

    released: Floats
    cash_flow: Floats
    for_others: Floats | None = None


@dataclass(frozen=True, slots=True)
class Followed:
    """The plan on some scenarios, and each of its pools under every rule of the menu.

    draws are the scheduled ones (f, t). by_rule lists what the pools do (in their
    order) by rule; own what they do in the plan.
    """

    instance: Instance
    draws: Floats
    happened: PlanReplay
    pools: tuple[Pool, ...]
    own: tuple[Behaviour, ...]
    by_rule: tuple[tuple[Behaviour, ...], ...]

    def costs(self, variants: Sequence[Sequence[Behaviour]]) -> list[Floats]:
        """Return the discounted cost (w) of each variant: a behaviour by pool."""
        shape = self.happened.cost.shape
        factors = discount_factors(self.instance)
        supplies = [self.supply(variant) for variant in variants]
        found = allocate_each(self.happened.recourse, supplies, shape)
        return [(allocation.cost * factors).sum(axis=1) for allocation in found]

    def supply(self, variant: Sequence[Behaviour]) -> Supply:
        """Return what reaches gaps if pools behave so."""
        recourse, own = self.happened.recourse, self.own_supply
        pooled = contracts_for_all(self.instance, self.happened)
        for pool, behaviour in zip(self.pools, variant, strict=True):
            there = np.flatnonzero(recourse.short_m == pool.holding.m)
            w, t = recourse.short_w[there], recourse.short_t[there]
            shared = behaviour.released
            if behaviour.for_others is not None:
                shared = shared - behaviour.for_others
                m = pool.holding.m
                own = own + tonnes_of_others(recourse, m, behaviour.for_others)
            pooled[there] += shared[w, t]
        return Supply(own, pooled)

    @property
    def own_supply(self) -> Floats:
        """What rights and contracts supply to one participant alone, by gap."""
        happened = self.happened
        return happened.supply.own - supply_of_others(happened.recourse, happened.held)

    def cash(self, variant: Sequence[Behaviour]) -> Floats:
        """Return the cash balance (w, t): planned buying and its premia are the plan's.

        So only what the pools earn and pay differs from the plan, and with it what the
        cash rule draws.
        """
        books = self.happened.books
        change = np.zeros_like(books.cash)
        for planned, behaviour in zip(self.own, variant, strict=True):
            change += behaviour.cash_flow - planned.cash_flow
        available = books.available.copy()
        available[:, 1:] += np.cumsum(change, axis=1)
        return settle(self.instance, self.draws, available, books.stock_value).cash


def follow(
    instance: Instance, scenarios: ScenarioSet, decisions: Decisions
) -> Followed:
    """Follow the plan and, pool by pool, all rules of the menu."""
    happened = replay(instance, scenarios, decisions)
    pools = pools_of(instance, happened.held)
    own = tuple(
        _summed(held.response) for held in happened.held if held.holding.offer is None
    )
    by_pool = [_under(instance, pool, instance.rules) for pool in pools]
    by_rule = tuple(
        tuple(behaviours[j] for behaviours in by_pool)
        for j in range(len(instance.rules))
    )
    return Followed(instance, decisions.draws, happened, pools, own, by_rule)


def triggered(followed: Followed, trigger: float) -> tuple[Behaviour, ...] | None:
    """Return what pools do under a price trigger; None if the menu has no rule for it.

    trigger is a multiple of the undisrupted price.
    """
    instance, market = followed.instance, followed.happened.market
    rule = trigger_rule(instance.rules)
    if rule is None:
        return None

    def under(pool: Pool) -> Behaviour:
        seen = on_price_alert(instance, market, pool.holding, trigger)
        return _under(instance, Pool(seen, pool.parts, pool.outload), (rule,))[0]

    return tuple(map(under, followed.pools))


def contracts_for_all(instance: Instance, happened: PlanReplay) -> Floats:
    """Return what contracts deliver to all, by short material."""
    recourse = happened.recourse
    pooled = np.zeros(len(recourse.short_m))
    for signed in happened.contracts:
        if signed.contract.beneficiary is None:
            m = instance.index.material[signed.contract.material]
            there = np.flatnonzero(recourse.short_m == m)
            w, t = recourse.short_w[there], recourse.short_t[there]
            pooled[there] += signed.delivered[w, t]
    return pooled


def _under(
    instance: Instance, pool: Pool, rules: Sequence[ReleaseRule]
) -> list[Behaviour]:
    """Return what a pool does under each rule."""
    policies = rule_policies(instance, pool, rules)
    number = len(pool.parts)
    slices = [slice(j * number, (j + 1) * number) for j in range(len(rules))]
    response = respond(instance, pool.holding, policies)
    return [_summed(response.select(np.arange(x.start, x.stop))) for x in slices]


def _summed(response: Response) -> Behaviour:
    """Return what all policies of a response do together."""
    others = response.for_others
    return Behaviour(
        released=response.released.sum(axis=0),
        cash_flow=response.cash_flow.sum(axis=0),
        for_others=None if others is None else others.sum(axis=0),
    )
