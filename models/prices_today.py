"""Prices at the start that are off their paths: their levels, and their mistakes."""

from collections import Counter
from collections.abc import Iterator, Mapping

from models.identifiers import KnownIdentifiers
from models.mistakes import Mistake
from models.opening_position import PriceToday
from models.sections import Sections

# Less is that of a product of figures.
ROUNDING = 1e-9


def price_level(case: Sections, material: str) -> float:
    """Return the price of a material at the start as a multiple of its path.

    Without what events in force do to it; it is also that of the prices expected later.
    """
    for x in case.position.prices:
        if x.material == material:
            return x.multiple_of_path
    return 1.0


def prices_today(levels: Mapping[str, float]) -> tuple[PriceToday, ...]:
    """Return multiples of paths by material as a position states them."""
    return tuple(
        PriceToday(material=name, multiple_of_path=level)
        for name, level in levels.items()
        if is_off_path(level)
    )


def is_off_path(level: float) -> bool:
    """Say whether a multiple of the path is another price."""
    return abs(level - 1) > ROUNDING


def wrong_prices(case: Sections, known: KnownIdentifiers) -> Iterator[Mistake]:
    """Find prices of unknown materials, and materials that are listed twice."""
    found = case.position.prices
    for name, count in Counter(x.material for x in found).items():
        if count > 1:
            expected = f"to be listed once, found {count} times"
            yield Mistake("position.prices", name, expected)
    for x in found:
        path = f"position.prices[{x.material}].material"
        yield from known.missing("materials", path, x.material)


def idle_prices(case: Sections) -> Iterator[Mistake]:
    """Find prices that are on their paths, as those are that are not stated."""
    for x in case.position.prices:
        if x.multiple_of_path == 1:
            expected = "another multiple than 1, or nothing: it has no effect"
            path = f"position.prices[{x.material}].multiple_of_path"
            yield Mistake(path, x.multiple_of_path, expected)
