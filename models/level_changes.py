"""Levels of the plan in force, and the mistakes in them."""

from collections import Counter
from collections.abc import Iterator

from models.identifiers import KnownIdentifiers
from models.mistakes import Mistake
from models.sections import Sections


def level_in_force(case: Sections, material: str) -> float | None:
    """Return what the plan in force is to hold of a material; None if not stated."""
    stated = (x.tonnes for x in case.position.levels if x.material == material)
    return next(stated, None)


def wrong_levels(case: Sections, known: KnownIdentifiers) -> Iterator[Mistake]:
    """Find levels of unknown materials, and materials that are listed twice."""
    found = case.position.levels
    for name, count in Counter(x.material for x in found).items():
        if count > 1:
            expected = f"to be listed once, found {count} times"
            yield Mistake("position.levels", name, expected)
    for x in found:
        path = f"position.levels[{x.material}].material"
        yield from known.missing("materials", path, x.material)


def idle_levels(case: Sections) -> Iterator[Mistake]:
    """Find a limit on changes of levels where no levels are in force."""
    cap = case.options.level_change_cap_days
    if cap is not None and not case.position.levels:
        expected = "levels of the plan in force in position.levels; it has no effect"
        yield Mistake("options.level_change_cap_days", cap, expected)
