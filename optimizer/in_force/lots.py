"""Lots of a tranche: what it had at first, what arrived since, what of it is left.

The oldest lots leave first, whatever for: release, rotation, expiry, repurchase.
"""

import datetime as dt
from collections.abc import Iterable, Iterator, Mapping, Sequence, Set
from dataclasses import dataclass
from typing import TypeVar

from models.instance import Instance
from models.opening_position import OpeningPurchase, StockLot
from models.plan import Tranche
from models.tranche_in_force import tranche_name

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
    instance: Instance, tranche: Tranche, arrival: Arrival
) -> Iterator[StockLot]:
    """Yield what arrives for a tranche as lots, one for each pair of countries."""
    by_origin: dict[tuple[str, str], float] = {}
    for r, part in arrival.parts.items():
        route = instance.routes[r]
        origin = route.mining_country, route.refining_country
        by_origin[origin] = by_origin.get(origin, 0.0) + part
    for (mining, refining), part in by_origin.items():
        if (tonnes := arrival.tonnes * part) > DUST * tranche.tonnes:
            yield StockLot(
                id=f"{tranche.material[:40]}-{arrival.day:%Y%m%d}-{mining}-{refining}",
                material=tranche.material,
                tonnes=tonnes,
                arrival=arrival.day,
                mining_country=mining,
                refining_country=refining,
                book_value_usd=tonnes * arrival.unit_cost,
                right=tranche.offer,
                tranche=None if tranche.offer else tranche_name(tranche),
            )


Held = TypeVar("Held", StockLot, OpeningPurchase)


def held_by(tranche: Tranche | None, lot: Held) -> Held:
    """Return a lot or purchase as that of a tranche, or of none.

    A right is itself a name.
    """
    is_of_pool = tranche is not None and tranche.offer is None
    return lot.model_copy(
        update={
            "right": None if tranche is None else tranche.offer,
            "tranche": tranche_name(tranche) if tranche and is_of_pool else None,
        }
    )


def is_held_by(tranche: Tranche, lot: Held) -> bool:
    """Say whether a lot or purchase names a tranche as its holder."""
    return lot == held_by(tranche, lot) and lot.material == tranche.material


def part_of(lot: StockLot, part: float) -> StockLot:
    """Return a part of a lot, held by whom the lot is held."""
    return lot.model_copy(
        update={
            "tonnes": lot.tonnes * part,
            "book_value_usd": lot.book_value_usd * part,
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
                yield part_of(lot, 1 - gone / there)


def with_own_names(
    lots: Iterable[Held], used: Set[str] = frozenset()
) -> Iterator[Held]:
    """Yield lots or purchases with a number after names that others have already."""
    used = {*used}
    for lot in lots:
        name, number = lot.id, 2
        while name in used:
            name, number = f"{lot.id[:56]}-{number}", number + 1
        used.add(name)
        yield lot.model_copy(update={"id": name})
