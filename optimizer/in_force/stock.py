"""What tranches hold after some periods of a replay, and the free stock beside them."""

import math
from collections.abc import Iterator, Mapping

import numpy as np

from models.held_stock import free_stock, free_tonnes, has_expired
from models.instance import Instance
from models.opening_position import StockLot
from models.plan import Sale
from models.rights_in_force import stock_of
from models.tranche_in_force import SaleInForce, TrancheInForce, lots_for_sale
from optimizer.evaluation.decisions import Decisions
from optimizer.evaluation.replay import HoldingReplay, PlanReplay
from optimizer.in_force.left_free import left_of_piles
from optimizer.in_force.lots import (
    Arrival,
    arrived_lots,
    held_by,
    is_held_by,
    left_of,
    part_of,
)
from optimizer.in_force.on_order import coming_for, free_arrivals
from optimizer.policies.market import Market
from optimizer.policies.route_supply import usable_shares
from optimizer.policies.simulator import simulate
from optimizer.policies.sourcing import Purchase
from optimizer.scenarios.scenario_set import Floats, ScenarioSet


def stock_after(
    instance: Instance,
    scenarios: ScenarioSet,
    decisions: Decisions,
    happened: PlanReplay,
    w: int,
    periods: int,
) -> Iterator[StockLot]:
    """Yield all lots that are left at the end of some periods of scenario w.

    Several may have the same name.
    """
    for part in happened.held:
        market = happened.market
        yield from _of_holding(instance, scenarios, market, part, w, periods)
    for sale in decisions.sales:
        yield from _of_sale(instance, happened, sale, w, periods)
    yield from left_free(instance, decisions, happened, periods)
    yield from free_arrivals(instance, scenarios, decisions, happened, w, periods)


def lots_at_the_start(
    instance: Instance, part: HoldingReplay, c: int
) -> list[StockLot]:
    """Return what a tranche of a holding has in place: bought, taken or in force."""
    tranche, holding = part.tranches[c], part.holding
    initial = float(part.policies.initial[c])
    if isinstance(tranche, TrancheInForce):
        return [*tranche.in_place]
    if holding.in_force is not None:
        lots = stock_of(instance, holding.material, holding.in_force)
        there = math.fsum(lot.tonnes for lot in lots)
        return [part_of(lot, initial / there) for lot in lots]
    purchase = holding.purchases[int(part.policies.sourcing[c])]
    if purchase.option.is_held:
        share = initial / (free_tonnes(instance, holding.material) or 1.0)
        free = free_stock(instance, holding.material)
        return [held_by(tranche, part_of(lot, share)) for lot in free]
    bought = Arrival(
        instance.horizon.start, initial, purchase.routes, purchase.opening_unit_cost
    )
    return [*arrived_lots(instance, tranche, bought)]


def _of_holding(
    instance: Instance,
    scenarios: ScenarioSet,
    market: Market,
    part: HoldingReplay,
    w: int,
    periods: int,
) -> Iterator[StockLot]:
    """Yield the lots of all tranches of a pool or right."""
    done = simulate(part.policies, part.holding.observables)
    bought = done.acquired[:, w] + done.rotated[:, w]
    for c, tranche in enumerate(part.tranches):
        purchase = part.holding.purchases[int(part.policies.sourcing[c])]
        routes = delivered_parts(instance, scenarios, market, part, purchase)
        lots = lots_at_the_start(instance, part, c)
        for coming in coming_for(instance, part, c):
            arrived = coming.arrived(instance, w, range(periods))
            lots += (lot for lot in arrived if is_held_by(tranche, lot))
        for t in range(periods):
            arrival = Arrival(
                day=instance.horizon.start_of(t + 1),
                tonnes=float(bought[c, t]),
                parts={r: float(x[w, t]) for r, x in routes.items()},
                unit_cost=float(purchase.unit_cost[w, t]),
            )
            lots += arrived_lots(instance, tranche, arrival)
        there = float(done.on_hand[c, w, periods - 1])
        yield from left_of(lots, sum(lot.tonnes for lot in lots) - there)


def delivered_parts(
    instance: Instance,
    scenarios: ScenarioSet,
    market: Market,
    part: HoldingReplay,
    purchase: Purchase,
) -> Mapping[int, Floats]:
    """Return by route the part (w, t) of what a sourcing option delivers."""
    usable = usable_shares(
        instance,
        scenarios,
        market,
        part.holding.material,
        pays_operating_cost=purchase.option.pays_operating_cost,
    )
    total = np.where(purchase.open_share > 0, purchase.open_share, 1.0)
    return {r: weight * usable[r] / total for r, weight in purchase.routes.items()}


def _of_sale(
    instance: Instance, happened: PlanReplay, sale: Sale, w: int, periods: int
) -> Iterator[StockLot]:
    """Yield what is left to sell, of the same part of all free lots."""
    part = replay_of_sale(happened, sale)
    lots = lots_of_sale(instance, part, sale)
    there = float(part.response.on_hand[0, w, periods - 1])
    yield from left_of(lots, sum(lot.tonnes for lot in lots) - there)


def replay_of_sale(happened: PlanReplay, sale: Sale) -> HoldingReplay:
    """Return what a sale did."""
    (part,) = (x for x in happened.sold if x.holding.material.id == sale.material)
    return part


def lots_of_sale(instance: Instance, part: HoldingReplay, sale: Sale) -> list[StockLot]:
    """Return what a sale has to sell at the start, of the same part of all lots."""
    if isinstance(sale, SaleInForce):
        return [*sale.in_place]
    material = part.holding.material
    share = sale.tonnes / (free_tonnes(instance, material) or 1.0)
    name = {"tranche": lots_for_sale(sale.material)}
    return [
        part_of(lot, share).model_copy(update=name)
        for lot in free_stock(instance, material)
    ]


def left_free(
    instance: Instance, decisions: Decisions, happened: PlanReplay, periods: int
) -> Iterator[StockLot]:
    """Yield what no tranche has of each lot and is not for sale, if it is good."""
    for lot in free_at_start(instance, decisions, happened):
        material = instance.materials[instance.index.material[lot.material]]
        if not has_expired(instance.horizon, material, lot, periods - 1):
            yield lot


def free_at_start(
    instance: Instance, decisions: Decisions, happened: PlanReplay
) -> Iterator[StockLot]:
    """Yield what no tranche takes of each lot at the start and is not for sale."""
    for left in left_of_piles(instance, decisions, happened):
        for lot in left.lots if left.part_of_lots > 0 else ():
            yield held_by(None, part_of(lot, left.part_of_lots))
