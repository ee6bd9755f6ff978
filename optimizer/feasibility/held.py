"""Free stock in tranches, counted again: row (14) of the page, and each lot once."""

from models.opening_position import StockLot
from models.plan import Level
from optimizer.feasibility.lots import lots_of
from optimizer.feasibility.recount import Recount
from optimizer.feasibility.rights_in_force import in_force
from optimizer.feasibility.violation import Violations, at_most, equal, same


def held_violations(counted: Recount) -> Violations:
    """(14) what tranches take and what is sold <= what there is; every lot in part."""
    instance = counted.instance
    for material, level in zip(instance.materials, counted.plan.levels, strict=True):
        lots = lots_of(instance, material)
        held = sum(
            x.held
            for x in counted.of(material)
            if in_force(instance, x.tranche.offer) is None
        )
        free = sum(lot.tonnes for lot in lots)
        taken = held + counted.for_sale(material)
        yield from at_most("held_stock", material.id, taken, free, 0.0)
        yield from _lots(level, lots, held)


def _lots(level: Level, lots: list[StockLot], held: float) -> Violations:
    """Compare what is printed of each lot; in sum it is what tranches hold."""
    where = level.material
    printed = {x.lot: x for x in level.held}
    yield from same(
        "held_lots", where, [x.lot for x in level.held], [x.id for x in lots]
    )
    taken = sum(x.tonnes for x in level.held)
    yield from equal("held_tonnes", where, taken, held)
    sold = sum(x.sold_tonnes for x in level.held)
    for_sale = 0.0 if level.sale is None else level.sale.tonnes
    yield from equal("sold_tonnes", where, sold, for_sale)
    free = sum(lot.tonnes for lot in lots)
    for lot in lots:
        if lot.id not in printed:
            continue
        found, at = printed[lot.id], f"{where} lot {lot.id}"
        share = held / free
        yield from equal("lot_tonnes", at, found.tonnes, lot.tonnes * share)
        part = lot.tonnes * for_sale / free
        yield from equal("lot_sold", at, found.sold_tonnes, part)
        whole = found.tonnes + found.sold_tonnes + found.left_tonnes
        yield from equal("lot_left", at, whole, lot.tonnes)
        value = lot.book_value_usd * share
        yield from equal("lot_book_value", at, found.book_value_usd, value)
