"""Lots of the position, counted again: which are free, and which are still good."""

from models.instance import Instance
from models.material import SHELF_LIFE_ROUNDING, Material
from models.opening_position import StockLot


def lots_of(instance: Instance, material: Material) -> list[StockLot]:
    """Return the free lots of a material that are good until the first period ends."""
    return [
        lot
        for lot in instance.position.stock
        if lot.material == material.id
        and lot.right is None
        and is_good(instance, material, lot)
    ]


def is_good(instance: Instance, material: Material, lot: StockLot) -> bool:
    """Say whether a lot is good until the first period is over."""
    life, start = material.shelf_life_days, instance.horizon.start
    if life is None or lot.arrival == start:
        return True
    first = instance.horizon.period_lengths_days[0]
    age = (start - lot.arrival).days + first
    return age <= life + SHELF_LIFE_ROUNDING * first
