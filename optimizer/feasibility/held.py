"""Free stock in tranches, counted again: row (14) of the page, and each lot once.

And free purchases on the way, each once.
"""

from models.opening_position import OpeningPurchase, StockLot
from models.plan import HeldLot, Level
from optimizer.feasibility.lots import lots_of
from optimizer.feasibility.on_order import free_on_order
from optimizer.feasibility.recount import Recount
from optimizer.feasibility.rights_in_force import in_force
from optimizer.feasibility.violation import Violations, at_most, equal, same


def held_violations(counted: Recount) -> Violations:
    """(14) what tranches take and what is sold <= what there is; every lot in part."""
    instance = counted.instance
    for material, level in zip(instance.materials, counted.plan.levels, strict=True):
        lots, coming = lots_of(instance, material), free_on_order(instance, material)
        mine = [
            x
            for x in counted.of(material)
            if in_force(instance, x.tranche.offer) is None
        ]
        held, on_order = sum(x.held for x in mine), sum(x.on_order for x in mine)
        free, bought = sum(x.tonnes for x in lots), sum(x.tonnes for x in coming)
        taken, where = held + counted.for_sale(material), material.id
        yield from at_most("held_stock", where, taken, free, 0.0)
        yield from at_most("held_stock", f"{where} on the way", on_order, bought, 0.0)
        names = [x.id for x in (*lots, *coming)]
        yield from same("held_lots", where, [x.lot for x in level.held], names)
        yield from _lots(level, lots, held)
        yield from _purchases(level, coming, on_order)


def _lots(level: Level, lots: list[StockLot], held: float) -> Violations:
    """Compare what is printed of each lot; in sum it is what tranches hold."""
    where = level.material
    there = [x for x in level.held if x.arrival_period is None]
    printed = {x.lot: x for x in there}
    yield from equal("held_tonnes", where, sum(x.tonnes for x in there), held)
    sold = sum(x.sold_tonnes for x in there)
    for_sale = 0.0 if level.sale is None else level.sale.tonnes
    yield from equal("sold_tonnes", where, sold, for_sale)
    free = sum(lot.tonnes for lot in lots)
    for lot in lots:
        if lot.id not in printed:
            continue
        found, at, share = printed[lot.id], f"{where} lot {lot.id}", held / free
        yield from equal("lot_tonnes", at, found.tonnes, lot.tonnes * share)
        part = lot.tonnes * for_sale / free
        yield from equal("lot_sold", at, found.sold_tonnes, part)
        yield from _whole(at, found, lot.tonnes)
        value = lot.book_value_usd * share
        yield from equal("lot_book_value", at, found.book_value_usd, value)


def _purchases(
    level: Level, coming: list[OpeningPurchase], on_order: float
) -> Violations:
    """Compare what is printed of each purchase; in sum it is what tranches take."""
    where = level.material
    taken = [x for x in level.held if x.arrival_period is not None]
    printed = {x.lot: x for x in taken}
    yield from equal("on_order_tonnes", where, sum(x.tonnes for x in taken), on_order)
    whole = sum(x.tonnes for x in coming)
    for x in coming:
        if x.id not in printed:
            continue
        found, at, share = printed[x.id], f"{where} purchase {x.id}", on_order / whole
        yield from same("lot_arrival", at, found.arrival_period, x.arrival_period)
        yield from equal("lot_tonnes", at, found.tonnes, x.tonnes * share)
        yield from equal("lot_sold", at, found.sold_tonnes, 0.0)
        yield from _whole(at, found, x.tonnes)
        value = x.tonnes * x.price_usd_per_tonne * share
        yield from equal("lot_book_value", at, found.book_value_usd, value)


def _whole(at: str, found: HeldLot, tonnes: float) -> Violations:
    """Compare what is taken, sold and left with all that there is."""
    whole = found.tonnes + found.sold_tonnes + found.left_tonnes
    yield from equal("lot_left", at, whole, tonnes)
