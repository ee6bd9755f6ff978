"""How much may be held at least and at most, by levels in force and minimum cover."""

import math
from collections.abc import Iterable

from models.held_stock import free_tonnes
from models.instance import Instance
from models.level_changes import level_in_force
from models.material import Material
from models.opening_position import LevelInForce, is_empty
from models.plan import Tranche
from models.rights_in_force import right_in_force

ROUNDING = 1e-9  # of a lot


def with_levels_of(case: Instance, tranches: Iterable[Tranche]) -> Instance:
    """Return a case that states the levels of tranches as those in force.

    They are without the rights that have ended: their holders have taken what was left.
    """
    left = {None, *case.index.offer}
    held: dict[str, list[float]] = {x.id: [] for x in case.materials}
    for tranche in tranches:
        if tranche.offer in left:
            held[tranche.material].append(tranche.tonnes)
    levels = tuple(
        LevelInForce(material=material, tonnes=math.fsum(tonnes))
        for material, tonnes in held.items()
    )
    position = case.position.model_copy(update={"levels": levels})
    return case.model_copy(update={"position": position})


def allowed_tonnes(case: Instance, material: Material) -> tuple[float, float]:
    """Return the least and the most that may be held, by how far levels may move."""
    cap, level = case.options.level_change_cap_days, level_in_force(case, material.id)
    if cap is None or level is None:
        return 0.0, math.inf
    tonnes = cap * case.index.served_need_tonnes_per_day[material.id]
    return max(level - tonnes, 0.0), level + tonnes


def minimum_tonnes(case: Instance, material: Material) -> float:
    """Return the least that must be held by minimum cover."""
    need = case.index.served_need_tonnes_per_day[material.id]
    return material.minimum_days_of_cover * need


def least_tonnes(case: Instance, material: Material) -> float:
    """Return the least that must be held, by minimum cover and level in force."""
    return max(minimum_tonnes(case, material), allowed_tonnes(case, material)[0])


def are_drawn_down(case: Instance) -> bool:
    """Say whether a reserve that exists has less of something than it must hold."""
    return not is_empty(case.position) and any(
        least_tonnes(case, x) > tonnes_there(case, x) for x in case.materials
    )


def tonnes_there(case: Instance, material: Material) -> float:
    """Return what can be held without buying: whole lots of free stock, and rights.

    Rights in force count whole, as they do in levels.
    """
    lot, taken = material.lot_tonnes, 0.0
    if any(x.is_held for x in case.sourcing_options):
        need = case.index.served_need_tonnes_per_day[material.id]
        highest = max(case.pool_levels_days_of_cover(material.id), default=0.0) * need
        taken = min(free_tonnes(case, material), highest)
    rights = sum(
        right.lots
        for offer in case.entitlement_offers
        if offer.material == material.id
        and (right := right_in_force(case, offer.id)) is not None
    )
    return (math.floor(taken / lot + ROUNDING) + rights) * lot
