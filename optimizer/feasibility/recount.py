"""What the printed plan does in every scenario: tonnes and money, counted again.

The simulator follows the printed numbers; every dollar is counted here.
"""

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from models.instance import Instance
from models.material import Material
from models.opening_position import OpeningPurchase
from models.plan import Plan, Tranche
from optimizer.feasibility.buying import (
    below_the_price,
    opening_unit_cost,
    premium_tonnes,
    unit_costs,
)
from optimizer.feasibility.deliveries import Delivery, deliveries
from optimizer.feasibility.on_order import (
    free_on_order,
    late,
    on_order_for,
    part_of_each,
)
from optimizer.feasibility.rights_in_force import in_force, there, unpaid_years
from optimizer.feasibility.sale import Sold, sales_of
from optimizer.policies.holding import Holding, holding_name, holdings
from optimizer.policies.market import Market
from optimizer.policies.simulator import Trajectories, simulate
from optimizer.policies.tranche import to_policies
from optimizer.scenarios.scenario_set import Floats, ScenarioSet


@dataclass(frozen=True, slots=True)
class Moved:
    """What one tranche does.

    m and o are positions of material and beneficiary (None for the pool); in tonnes are
    what was held already and what was on the way, free or for a right in force, what
    was bought before the start and planned buying (t); opening_unit_cost is in US
    dollars a tonne;
    released, the part of it for others than members, on_hand and what is paid for and
    late in tonnes, cash_flow in US dollars, all (w, t).
    """

    tranche: Tranche
    material: Material
    m: int
    o: int | None
    held: float
    on_order: float
    bought_before: float
    planned: Floats
    opening_unit_cost: float
    released: Floats
    for_others: Floats
    on_hand: Floats
    late: Floats
    cash_flow: Floats


@dataclass(frozen=True, slots=True)
class Recount:
    """A plan with what all its parts do."""

    instance: Instance
    scenarios: ScenarioSet
    market: Market
    plan: Plan
    moved: tuple[Moved, ...]
    deliveries: tuple[Delivery, ...]
    sales: tuple[Sold, ...]

    def of(self, material: Material) -> list[Moved]:
        """Return what the tranches of a material do."""
        return [x for x in self.moved if x.material.id == material.id]

    def for_sale(self, material: Material) -> float:
        """Return the free stock of a material that is for sale at the start, tonnes."""
        mine = [x.sale for x in self.sales if x.material.id == material.id]
        return sum(sale.tonnes for sale in mine)

    def planned(self, material: Material) -> Floats:
        """Return planned buying of a material in tonnes (t)."""
        planned = np.zeros(self.instance.horizon.number_of_periods)
        for x in self.of(material):
            planned += x.planned
        return planned


def recount(
    instance: Instance, scenarios: ScenarioSet, market: Market, plan: Plan
) -> Recount:
    """Follow everything that a plan prints."""
    moved = tuple(_all_moved(instance, scenarios, market, plan))
    signed = {x.contract for x in plan.contracts}
    delivered = deliveries(instance, scenarios, signed)
    sales = sales_of(instance, scenarios, plan)
    return Recount(instance, scenarios, market, plan, moved, delivered, sales)


def _all_moved(
    instance: Instance, scenarios: ScenarioSet, market: Market, plan: Plan
) -> Iterator[Moved]:
    by_holding: dict[str, list[Tranche]] = defaultdict(list)
    for tranche in plan.tranches():
        by_holding[holding_name(tranche.material, tranche.offer)].append(tranche)
    for holding in holdings(instance, scenarios, market, by_holding):
        mine = by_holding[holding.name]
        done = simulate(to_policies(instance, holding, mine), holding.observables)
        for i, tranche in enumerate(mine):
            one = done.select(i)
            yield _moved(instance, scenarios, market, holding, tranche, one)


def _moved(
    instance: Instance,
    scenarios: ScenarioSet,
    market: Market,
    holding: Holding,
    tranche: Tranche,
    done: Trajectories,
) -> Moved:
    option = next(s for s in instance.sourcing_options if s.id == tranche.sourcing)
    in_place = tranche.tonnes if tranche.build_up_periods == 0 else 0.0
    coming, on_order = list[OpeningPurchase](), 0.0
    if option.is_on_order:
        on_order, in_place = in_place, 0.0
        coming = part_of_each(free_on_order(instance, holding.material), on_order)
    held = in_place if option.is_held else 0.0
    if right := in_force(instance, tranche.offer):
        in_place = held = there(instance, holding.material, right)
        coming = on_order_for(instance, right.offer)
        on_order = sum(x.tonnes for x in coming)
    end = None if holding.offer is None else holding.offer.repurchase_period
    opening = opening_unit_cost(instance, scenarios, holding.material, option)
    unit_cost = unit_costs(instance, scenarios, market, holding.material, option)
    years = np.array(instance.horizon.period_lengths_years)
    price = scenarios.price[holding.m]
    storage = holding.storage
    kept_at = storage.cost_usd_per_tonne_year + storage.insurance_rate_per_year * price
    others = _for_others(holding, tranche, done)
    flow = _received(instance, scenarios, holding, tranche, done, others)
    flow -= (done.acquired + done.rotated) * unit_cost + done.on_hand * kept_at * years
    flow -= _above_the_price(instance, tranche, done.acquired, holding) * price
    flow[:, 0] -= (in_place - held) * opening
    return Moved(
        tranche=tranche,
        material=holding.material,
        m=holding.m,
        o=holding.o,
        held=held,
        on_order=on_order,
        bought_before=in_place - held,
        planned=_planned(tranche, instance.horizon.number_of_periods),
        opening_unit_cost=opening,
        released=done.released,
        for_others=others,
        on_hand=done.on_hand,
        late=late(instance, scenarios, coming, end),
        cash_flow=flow,
    )


def _received(
    instance: Instance,
    scenarios: ScenarioSet,
    holding: Holding,
    tranche: Tranche,
    done: Trajectories,
    others: Floats,
) -> Floats:
    """Return what is paid to the vault (w, t); others pay the market price."""
    offer, price = holding.offer, scenarios.price[holding.m]
    spread = holding.material.rotation_spread or 0.0
    swapped = done.rotated * price - done.rotated * price * spread
    if offer is None:
        if instance.financing.pool_sale_price == "book":
            lost = below_the_price(instance, holding.material, tranche, others)
            sold = (done.released - others) * scenarios.base_price[holding.m]
            return swapped + sold + (others - lost) * price
        lost = below_the_price(instance, holding.material, tranche, done.released)
        return swapped + (done.released - lost) * price
    right = in_force(instance, offer.id)
    years = unpaid_years(instance, right)
    taken = done.released + done.repurchased
    received = swapped + taken * offer.inventory_price_usd_per_tonne
    received += done.on_hand * years * offer.carrying_fee_usd_per_tonne_year
    if right is None:
        received[:, 0] += tranche.tonnes * offer.upfront_fee_usd_per_tonne
    return received


def _for_others(holding: Holding, tranche: Tranche, done: Trajectories) -> Floats:
    """Return what is released beyond the tranche's coverage of members' gap (w, t)."""
    first = holding.observables.members_gap
    if holding.offer is not None or first is None:
        return np.zeros_like(done.released)
    for_members = np.zeros_like(first)
    for step in tranche.steps:
        is_at = holding.observables.release_alert == step.alert
        for_members[is_at] = step.coverage * first[is_at]
    return np.clip(done.released - for_members, 0.0, None)


def _above_the_price(
    instance: Instance, tranche: Tranche, acquired: Floats, holding: Holding
) -> Floats:
    """Return tonnes times premium (w, t) of what is bought back after the build-up."""
    refilled = acquired.copy()
    refilled[:, : tranche.build_up_start_period + tranche.build_up_periods] = 0.0
    return premium_tonnes(instance, holding.material, tranche, refilled)


def _planned(tranche: Tranche, number_of_periods: int) -> Floats:
    """Return planned buying (t): equal parts, the last one what is still missing."""
    planned = np.zeros(number_of_periods)
    left = tranche.tonnes
    first = tranche.build_up_start_period
    end = min(first + tranche.build_up_periods, number_of_periods)
    for t in range(first, end):
        planned[t] = min(tranche.build_up_tonnes_per_period, left)
        left -= planned[t]
    return planned
