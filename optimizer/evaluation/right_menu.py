"""What each offered right is worth to its participant, over a menu of quantities.

A participant values a right at its own line-stop cost before it makes an offer. Each
quantity is followed through the same fresh scenarios as no right at all, so the
differences between quantities are those of the right and not of chance.
"""

from collections.abc import Sequence
from concurrent.futures import Executor
from dataclasses import dataclass, replace
from functools import partial

import numpy as np

from models.entitlement import EntitlementOffer
from models.held_stock import PILES, pile_tonnes
from models.instance import Instance
from models.plan import Tranche
from models.right_menu import RightMenu, RightMenus, RightQuantity
from models.rights_in_force import right_in_force
from optimizer.cores import on_one_thread
from optimizer.evaluation.chunks import executors_for, in_chunks, joined
from optimizer.evaluation.decisions import nothing_held
from optimizer.evaluation.own_cost import fees_of_right, has_own_gap, own_cost
from optimizer.evaluation.participant import position_of
from optimizer.evaluation.replay import replay
from optimizer.evaluation.right_terms import right_terms
from optimizer.evaluation.right_view import (
    KG_PER_TONNE,
    all_in_cost_usd_per_tonne_year,
    break_even_probability,
    term_years,
)
from optimizer.evaluation.statistics import confidence_interval, cvar, mean
from optimizer.executors import map_in_order
from optimizer.policies.candidates import menu_of
from optimizer.policies.holding import Holding, holding_name, holdings
from optimizer.policies.market import observe
from optimizer.policies.response import respond
from optimizer.policies.tranche import to_tranche
from optimizer.recourse.blocks import find_blocks
from optimizer.scenarios import Batches, sample_batches
from optimizer.scenarios.scenario_set import Booleans, Floats, ScenarioSet

NUMBER_OF_QUANTITIES = 8
ROUNDING = 1e-9
# A right of each number of lots; None if it cannot be had in time.
Quantities = dict[int, Tranche | None]


@on_one_thread
def right_menus(
    instance: Instance,
    participant: str,
    *,
    number_of_scenarios: int,
    seed: int,
    lots: Sequence[int] = (),
    executors: tuple[Executor, ...] | None = None,
) -> RightMenus:
    """Return the participant's offers, each valued at a menu of quantities.

    Without lots, at eight quantities from the least to the largest that the offer
    allows; with them, at these, whatever it allows. A right in force is valued as it
    is. Nothing else is held or signed, for what a plan will hold is not known when an
    offer is made. Raises UnknownParticipantError.
    """
    o = position_of(instance, participant)
    drawn = sample_batches(
        instance,
        number_of_scenarios=number_of_scenarios,
        generator=np.random.default_rng(seed),
    )
    offers = [x for x in instance.index.offer.values() if x.participant == participant]
    first = next(in_chunks(drawn.scenarios))
    found = [
        _tranches(
            instance,
            first,
            x,
            menu_of_lots(x)
            if right_in_force(instance, x.id)
            else sorted(set(lots)) or menu_of_lots(x),
        )
        for x in offers
    ]
    costs = _costs(instance, o, list(zip(offers, found, strict=True)), drawn, executors)
    return RightMenus(
        participant=participant,
        name=instance.participants[o].name,
        scenarios=number_of_scenarios,
        seed=seed,
        cvar_level=instance.options.cvar_level,
        rights=tuple(
            _valued(instance, offer, tranches, drawn, of_right)
            for offer, tranches, of_right in zip(offers, found, costs, strict=True)
        ),
    )


def menu_of_lots(offer: EntitlementOffer) -> list[int]:
    """Return quantities from the least to the largest award, evenly spaced."""
    spaced = np.linspace(offer.minimum_lots, offer.maximum_lots, NUMBER_OF_QUANTITIES)
    return sorted({round(x) for x in spaced.tolist()})


@dataclass(frozen=True, slots=True)
class _Costs:
    """Discounted US dollars by quantity and scenario (q, w), without a right by w."""

    without: Floats
    avoided: Floats
    fees: Floats
    has_gap: Booleans


def _costs(
    instance: Instance,
    o: int,
    rights: Sequence[tuple[EntitlementOffer, Quantities]],
    drawn: Batches,
    executors: tuple[Executor, ...] | None,
) -> list[_Costs]:
    """Return the costs of each right, its quantities that can be had in order."""
    if not rights:
        return []
    scenarios = drawn.scenarios
    tried = [(x, [y for y in of.values() if y is not None]) for x, of in rights]
    follow = partial(_followed, instance, o, tried)
    with executors_for(scenarios.number_of_scenarios, executors) as opened:
        parts = list(map_in_order(opened, follow, in_chunks(scenarios)))
    return [joined(of_right, axis=-1) for of_right in zip(*parts, strict=True)]


def _valued(
    instance: Instance,
    offer: EntitlementOffer,
    found: Quantities,
    drawn: Batches,
    costs: _Costs,
) -> RightMenu:
    scenarios = drawn.scenarios
    tranches = [x for x in found.values() if x is not None]
    quantities = _quantities(instance, offer, tranches, drawn, costs)
    best = max(quantities, key=lambda x: x.net_benefit_usd, default=None)
    material = instance.materials[instance.index.material[offer.material]]
    per_year = all_in_cost_usd_per_tonne_year(instance, offer)
    return RightMenu(
        offer=offer.id,
        material=material.id,
        material_name=material.name,
        lot_tonnes=material.lot_tonnes,
        inventory_price_usd_per_tonne=offer.inventory_price_usd_per_tonne,
        all_in_cost_usd_per_kg_year=per_year / KG_PER_TONNE,
        shortage_cost_usd=mean(costs.without, scenarios.probability),
        shortage_cost_interval_usd=confidence_interval(
            costs.without, scenarios.probability, drawn.batch
        ),
        cvar_usd=_cvar(instance, drawn, costs.without),
        gap_probability=_gap_probability(drawn, costs),
        quantities=quantities,
        lots_not_available=tuple(n for n, x in found.items() if x is None),
        best_lots=best.lots if best is not None and best.net_benefit_usd > 0 else 0,
        is_in_force=right_in_force(instance, offer.id) is not None,
        terms=right_terms(instance, offer),
    )


def _tranches(
    instance: Instance, scenarios: ScenarioSet, offer: EntitlementOffer, lots: list[int]
) -> Quantities:
    """Return a right of each quantity, by the sourcing with which most can be drawn.

    On these scenarios, of which the first part of all is enough. The first sourcing if
    several are equal; None if none has the tonnes before the horizon or the right ends,
    and free stock, if it is taken, is all there.
    """
    market = observe(instance, scenarios)
    names = {holding_name(offer.material, offer.id)}
    (holding,) = holdings(instance, scenarios, market, names)
    return {
        number: _most_drawn(
            instance,
            replace(
                holding,
                offer=offer.model_copy(
                    update={"minimum_lots": number, "maximum_lots": number}
                ),
            ),
            scenarios,
        )
        for number in lots
    }


def _most_drawn(
    instance: Instance, holding: Holding, scenarios: ScenarioSet
) -> Tranche | None:
    menu = menu_of(instance, holding)
    if holding.in_force is not None:
        return to_tranche(instance, holding, menu.candidates[0], menu.policies)
    is_there = np.ones(len(menu.candidates), dtype=np.bool_)
    for pile in PILES:
        there = pile_tonnes(instance, holding.material, pile) * (1 + ROUNDING)
        is_there &= holding.taken(menu.policies, pile) <= there
    if not is_there.any():
        return None
    released = respond(instance, holding, menu.policies).released
    drawn = released.sum(axis=2) @ scenarios.probability
    drawn[~is_there] = -1.0
    c = int(drawn.argmax())
    policy = menu.policies.select(np.array([c]))
    return to_tranche(instance, holding, menu.candidates[c], policy)


def _followed(
    instance: Instance,
    o: int,
    rights: Sequence[tuple[EntitlementOffer, list[Tranche]]],
    scenarios: ScenarioSet,
) -> list[_Costs]:
    """Follow each quantity of each right through some scenarios."""
    market = observe(instance, scenarios)
    seen = market, find_blocks(instance, scenarios, market)
    nothing = nothing_held(instance)
    bare = replay(instance, scenarios, nothing, seen)
    before = own_cost(instance, bare, o)
    found: list[_Costs] = []
    for offer, tranches in rights:
        shape = (len(tranches), scenarios.number_of_scenarios)
        avoided, fees = np.zeros(shape), np.zeros(shape)
        for q, tranche in enumerate(tranches):
            alone = replace(nothing, tranches=(tranche,))
            happened = replay(instance, scenarios, alone, seen)
            (right,) = happened.held
            # Where nothing is drawn both worlds are one, however ties are shared out.
            is_drawn = right.response.released.sum(axis=0) > 0
            spared = before - own_cost(instance, happened, o)
            avoided[q] = np.where(is_drawn, spared, 0.0).sum(axis=1)
            fees[q] = fees_of_right(instance, right)
        has_gap = has_own_gap(bare, o, instance.index.material[offer.material])
        found.append(_Costs(before.sum(axis=1), avoided, fees, has_gap))
    return found


def _quantities(
    instance: Instance,
    offer: EntitlementOffer,
    tranches: list[Tranche],
    drawn: Batches,
    costs: _Costs,
) -> tuple[RightQuantity, ...]:
    """Return the quantities by size, each with what it adds to the one before."""
    probability = drawn.scenarios.probability
    own = instance.index.need_by_participant_tonnes_per_day[offer.material]
    need = own.get(offer.participant, 0.0)
    years = term_years(instance, offer)
    per_year = all_in_cost_usd_per_tonne_year(instance, offer)
    gap_probability = _gap_probability(drawn, costs)
    found: list[RightQuantity] = []
    lots_before, net_before = 0, 0.0
    for q, tranche in enumerate(tranches):
        avoided = mean(costs.avoided[q], probability)
        fees = mean(costs.fees[q], probability)
        remaining = costs.without - costs.avoided[q]
        added, net = tranche.lots - lots_before, avoided - fees
        found.append(
            RightQuantity(
                lots=tranche.lots,
                tonnes=tranche.tonnes,
                sourcing=tranche.sourcing,
                days_of_own_cover=tranche.tonnes / need if need > 0 else 0.0,
                available_from_period=tranche.build_up_start_period
                + tranche.build_up_periods,
                shortage_cost_usd=mean(remaining, probability),
                cvar_usd=_cvar(instance, drawn, remaining),
                avoided_cost_usd=avoided,
                avoided_cost_interval_usd=confidence_interval(
                    costs.avoided[q], probability, drawn.batch
                ),
                expected_fees_usd=fees,
                net_benefit_usd=net,
                added_lots=added,
                added_net_benefit_per_lot_usd=(net - net_before) / added,
                break_even_probability=break_even_probability(
                    per_year * tranche.tonnes * years,
                    avoided / gap_probability if gap_probability else None,
                ),
            )
        )
        lots_before, net_before = tranche.lots, net
    return tuple(found)


def _gap_probability(drawn: Batches, costs: _Costs) -> float:
    return min(float(drawn.scenarios.probability @ costs.has_gap), 1.0)


def _cvar(instance: Instance, drawn: Batches, cost: Floats) -> float:
    return cvar(cost, drawn.scenarios.probability, instance.options.cvar_level)
