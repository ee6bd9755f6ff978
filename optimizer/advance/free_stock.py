"""Free stock that no tranche takes, through the observed period: sold and counted.

The oldest lots are sold first, and are the first that are missing.
"""

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from models.instance import Instance
from models.observation import Observation
from models.opening_position import StockLot
from models.orders import SaleOrder
from models.plan import Sale
from models.reconciliation import FreeStockAccount, SaleDifference
from models.tranche_in_force import lots_for_sale
from optimizer.evaluation.decisions import Decisions
from optimizer.evaluation.replay import PlanReplay
from optimizer.in_force.lots import left_of, part_of
from optimizer.in_force.on_order import free_arrivals
from optimizer.in_force.stock import (
    free_at_start,
    left_free,
    lots_of_sale,
    replay_of_sale,
)
from optimizer.policies.simulator import simulate
from optimizer.scenarios.scenario_set import ScenarioSet


@dataclass(frozen=True, slots=True)
class FreeEnd:
    """Free stock of a material: its books, and the lots that are there at the end."""

    account: FreeStockAccount
    lots: tuple[StockLot, ...]

    def is_of(self, lot: StockLot) -> bool:
        """Say whether a lot is of this free stock."""
        material = self.account.material
        is_free = lot.right is None and lot.material == material
        return is_free and lot.tranche in {None, lots_for_sale(material)}


def free_ends(
    instance: Instance,
    scenarios: ScenarioSet,
    decisions: Decisions,
    happened: PlanReplay,
    observation: Observation,
) -> Iterator[FreeEnd]:
    """Yield what became of the free stock of each material that has any."""
    at_start = [*free_at_start(instance, decisions, happened)]
    at_end = [*left_free(instance, decisions, happened, 1)]
    new = [*free_arrivals(instance, scenarios, decisions, happened, 0, 1)]
    sales = {sale.material: sale for sale in decisions.sales}
    for material in (m.id for m in instance.materials):
        there = [lot for lot in at_start if lot.material == material]
        left = [lot for lot in at_end if lot.material == material]
        arrived = [lot for lot in new if lot.material == material]
        sold = 0.0
        if (sale := sales.get(material)) is not None:
            for_sale, unsold, sold = _sale(instance, happened, sale, observation)
            there, left = [*there, *for_sale], [*left, *unsold]
        if there or arrived:
            yield _end(material, there, (left, arrived), sold, observation)


def sale_differences(
    observation: Observation, sales: Sequence[SaleOrder]
) -> Iterator[SaleDifference]:
    """Yield what was sold otherwise than ordered."""
    happened = observation.happened
    for order in sales:
        ordered = order.tonnes, order.price_usd_per_tonne
        sold = happened.sold_tonnes.get(order.material, order.tonnes)
        price = happened.sold_at_usd_per_tonne.get(order.material, ordered[1])
        if (sold, price) != ordered:
            yield SaleDifference(
                material=order.material,
                ordered_tonnes=order.tonnes,
                sold_tonnes=sold,
                ordered_usd_per_tonne=order.price_usd_per_tonne,
                sold_usd_per_tonne=price,
            )


def _sale(
    instance: Instance, happened: PlanReplay, sale: Sale, observation: Observation
) -> tuple[list[StockLot], list[StockLot], float]:
    """Return what was for sale, what is left of it, and the tonnes really sold."""
    part = replay_of_sale(happened, sale)
    lots = lots_of_sale(instance, part, sale)
    done = simulate(part.policies, part.holding.observables)
    ordered = float(done.released[0, 0, 0])
    sold = observation.happened.sold_tonnes.get(sale.material, ordered)
    there = max(float(done.on_hand[0, 0, 0]) + ordered - sold, 0.0)
    return lots, [*left_of(lots, _tonnes(lots) - there)], sold


def _end(
    material: str,
    at_start: Sequence[StockLot],
    ends: tuple[Sequence[StockLot], Sequence[StockLot]],
    sold: float,
    observation: Observation,
) -> FreeEnd:
    """Return the end of free stock; ends is what is left of it and what arrived."""
    old, arrived = ends
    left = [*old, *arrived]
    there, expected = _tonnes(at_start), _tonnes(left)
    counted = observation.happened.free_stock_tonnes.get(material)
    account = FreeStockAccount(
        material=material,
        at_start_tonnes=there,
        sold_tonnes=sold,
        expired_tonnes=max(there - sold - _tonnes(old), 0.0),
        arrived_tonnes=_tonnes(arrived),
        expected_tonnes=expected,
        counted_tonnes=counted,
    )
    lots = left if counted is None else [*_counted(at_start, left, counted)]
    return FreeEnd(account, tuple(lots))


def _counted(
    at_start: Sequence[StockLot], left: Sequence[StockLot], counted: float
) -> Iterator[StockLot]:
    """Yield lots as they were counted: more is of the oldest, as of all if none is."""
    expected = _tonnes(left)
    if counted <= expected:
        yield from left_of(left, expected - counted)
    elif left:
        oldest, *others = sorted(left, key=lambda lot: lot.arrival)
        yield part_of(oldest, 1 + (counted - expected) / oldest.tonnes)
        yield from others
    else:
        for lot in at_start:
            yield part_of(lot, counted / _tonnes(at_start))


def _tonnes(lots: Sequence[StockLot]) -> float:
    return math.fsum(lot.tonnes for lot in lots)
