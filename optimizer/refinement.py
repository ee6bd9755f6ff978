"""A finer menu near a plan: levels half way between its levels and their neighbours.

The menu of a case is coarse, and most of it is far from any good plan. The case stays
the same, so the added levels are an option of the solve. Added candidates can only
lower the optimum.
"""

from bisect import bisect_left
from collections.abc import Iterator

from models.instance import Instance
from models.plan import Plan


def refined(instance: Instance, plan: Plan) -> Instance | None:
    """Return the case with levels added next to those of a plan's pools.

    None if whole days leave nothing to add.
    """
    options = instance.options
    finer = dict(options.added_levels_days_of_cover)
    for level in plan.levels:
        used = {x.level_days_of_cover for x in level.tranches if x.offer is None}
        menu = instance.pool_levels_days_of_cover(level.material)
        new = {x for days in used for x in _beside(menu, days)} - set(menu)
        if new:
            known = finer.get(level.material, ())
            finer[level.material] = tuple(sorted({*known, *new}))
    if finer == options.added_levels_days_of_cover:
        return None
    changed = options.model_copy(update={"added_levels_days_of_cover": finer})
    return instance.model_copy(update={"options": changed})


def _beside(menu: tuple[float, ...], days: float) -> Iterator[float]:
    """Yield whole days half way to the next level on each side.

    Above the highest level the step is that below it: a plan at the top of the menu may
    need more.
    """
    i = bisect_left(menu, days)
    below = menu[i - 1] if i > 0 else 0.0
    above = menu[i + 1] if i + 1 < len(menu) else 2 * days - below
    for half in (round((below + days) / 2), round((days + above) / 2)):
        if below < half < days or days < half < above:
            yield float(half)
