"""How much may be held at least and at most, by levels in force and minimum cover."""

import math
from collections.abc import Iterable

from models.instance import Instance
from models.level_changes import level_in_force
from models.material import Material
from models.opening_position import LevelInForce
from models.plan import Tranche


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


def least_tonnes(case: Instance, material: Material) -> float:
    """Return the least that must be held, by minimum cover and level in force."""
    need = case.index.served_need_tonnes_per_day[material.id]
    cover = material.minimum_days_of_cover * need
    return max(cover, allowed_tonnes(case, material)[0])
