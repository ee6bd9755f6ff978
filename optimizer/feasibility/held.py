"""Free stock in tranches, counted again: row (14) of the page, and each lot once."""

from models.instance import Instance
from models.material import SHELF_LIFE_ROUNDING, Material
from models.opening_position import StockLot
from models.plan import Level
from optimizer.feasibility.recount import Recount
from optimizer.feasibility.violation import Violations, at_most, equal, same


def held_violations(counted: Recount) -> Violations:
    """(14) what tranches take of a material <= what there is; every lot in part."""
    instance = counted.instance
    for material, level in zip(instance.materials, counted.plan.levels, strict=True):
        lots = lots_of(instance, material)
        held = sum(x.held for x in counted.of(material))
        free = sum(lot.tonnes for lot in lots)
        yield from at_most("held_stock", material.id, held, free, 0.0)
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
    free = sum(lot.tonnes for lot in lots)
    for lot in lots:
        if lot.id not in printed:
            continue
        found, at = printed[lot.id], f"{where} lot {lot.id}"
        share = held / free
        yield from equal("lot_tonnes", at, found.tonnes, lot.tonnes * share)
        yield from equal("lot_left", at, found.tonnes + found.left_tonnes, lot.tonnes)
        value = lot.book_value_usd * share
        yield from equal("lot_book_value", at, found.book_value_usd, value)


def lots_of(instance: Instance, material: Material) -> list[StockLot]:
    """Return the lots of a material that are good until the first period is over."""
    return [
        lot
        for lot in instance.position.stock
        if lot.material == material.id and _is_good(instance, material, lot)
    ]


def _is_good(instance: Instance, material: Material, lot: StockLot) -> bool:
    life, start = material.shelf_life_days, instance.horizon.start
    if life is None or lot.arrival == start:
        return True
    first = instance.horizon.period_lengths_days[0]
    age = (start - lot.arrival).days + first
    return age <= life + SHELF_LIFE_ROUNDING * first
