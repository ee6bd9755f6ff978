"""The chains of lots, read off the positions of a ledger in their order."""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import NamedTuple

from models.opening_position import StockLot
from models.reserve import ORIGIN, LotChain, LotStep, StatedPosition

# Of what is there: less is no change.
ROUNDING = 1e-9


class EnteredPosition(NamedTuple):
    """A position that an entry of the ledger states."""

    entry: str
    number: int
    stated: StatedPosition


def lot_chains(entered: Sequence[EnteredPosition]) -> Mapping[str, LotChain]:
    """Return the chain of each lot by its name, in the order in which they came."""
    found: dict[str, _Lot] = {}
    for position in entered:
        stock = {lot.id: lot for lot in position.stated.position.stock}
        for lot in stock.values():
            found.setdefault(lot.id, _Lot(lot))
        for name, lot in found.items():
            lot.count(position, stock[name].tonnes if name in stock else 0.0)
    return {name: lot.chain() for name, lot in found.items()}


@dataclass(slots=True)
class _Lot:
    first: StockLot
    tonnes: float = 0.0
    steps: list[LotStep] = field(default_factory=list[LotStep])

    def count(self, position: EnteredPosition, tonnes: float) -> None:
        """Note that a position has so much of it."""
        change = tonnes - self.tonnes
        if math.isclose(tonnes, self.tonnes, rel_tol=ROUNDING):
            return
        step = LotStep(
            kind="counted" if self.steps else "entered",
            entry=position.entry,
            number=position.number,
            day=position.stated.start,
            tonnes=change,
        )
        self.steps.append(step)
        self.tonnes = tonnes

    def chain(self) -> LotChain:
        """Return all that was noted of it."""
        origin = {name: getattr(self.first, name) for name in ORIGIN}
        return LotChain(
            id=self.first.id, tonnes=self.tonnes, steps=tuple(self.steps), **origin
        )
