"""Lots of a tranche: what it had at first, what arrived since, what of it is left.

The oldest lots leave first, whatever for: release, rotation, expiry, repurchase.
"""

import datetime as dt
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from models.instance import Instance
from models.opening_position import StockLot

# Of all that was ever there: what rounding leaves is no lot.
DUST = 1e-12


@dataclass(frozen=True, slots=True)
class Arrival:
    """What arrives on a day over several routes, by position; tonnes and US dollars."""

    day: dt.date
    tonnes: float
    parts: Mapping[int, float]
    unit_cost: float


def arrived_lots(
    instance: Instance, material: str, tranche: str | None, arrival: Arrival
) -> Iterator[StockLot]:
    """Yield what arrives as lots, one for each pair of countries."""
    by_origin: dict[tuple[str, str], float] = {}
    for r, part in arrival.parts.items():
        route = instance.routes[r]
        origin = route.mining_country, route.refining_country
        by_origin[origin] = by_origin.get(origin, 0.0) + part
    for (mining, refining), part in by_origin.items():
        if (tonnes := arrival.tonnes * part) > 0:
            yield StockLot(
                id=f"{material[:40]}-{arrival.day:%Y%m%d}-{mining}-{refining}",
                material=material,
                tonnes=tonnes,
                arrival=arrival.day,
                mining_country=mining,
                refining_country=refining,
                book_value_usd=tonnes * arrival.unit_cost,
                tranche=tranche,
            )


def part_of(lot: StockLot, part: float, tranche: str | None = None) -> StockLot:
    """Return a part of a lot, held by a tranche or by none."""
    return lot.model_copy(
        update={
            "tonnes": lot.tonnes * part,
            "book_value_usd": lot.book_value_usd * part,
            "tranche": tranche,
        }
    )


def left_of(lots: Sequence[StockLot], departed_tonnes: float) -> Iterator[StockLot]:
    """Yield what is left of lots after the oldest have departed.

    Lots of the same day depart in proportion.
    """
    dust = DUST * sum(lot.tonnes for lot in lots)
    left = departed_tonnes
    for day in sorted({lot.arrival for lot in lots}):
        same = [lot for lot in lots if lot.arrival == day]
        there = sum(lot.tonnes for lot in same)
        gone = min(max(left, 0.0), there)
        left -= gone
        if there - gone > dust:
            for lot in same:
                yield part_of(lot, 1 - gone / there, lot.tranche)


def with_own_names(lots: Iterable[StockLot]) -> Iterator[StockLot]:
    """Yield lots with a number after names that others have already."""
    used: set[str] = set()
    for lot in lots:
        name, number = lot.id, 2
        while name in used:
            name, number = f"{lot.id[:56]}-{number}", number + 1
        used.add(name)
        yield lot.model_copy(update={"id": name})
