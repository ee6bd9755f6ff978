"""The chains of lots, read off the positions and orders of a ledger.

What leaves a tranche or a right leaves the oldest lots that name it, those of the same
day in proportion. If none does, it leaves the lots that name nothing. Who received a
release received the same part of each lot in it.
"""

import datetime as dt
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import NamedTuple

from models.opening_position import StockLot
from models.orders import Orders, ReleaseOrder, SaleOrder, TrancheOrder
from models.reserve import ORIGIN, LotChain, LotStep, StatedPosition, StepKind
from models.tranche_in_force import lots_for_sale

# Of what is there: less is no change.
ROUNDING = 1e-9


class Entered(NamedTuple):
    """What an entry of the ledger says of stock."""

    entry: str
    number: int
    said: StatedPosition | Orders


class Departure(NamedTuple):
    """What leaves a tranche, a right or free stock.

    to: shares by receiver; None is what no receiver takes up.
    """

    kind: StepKind
    order: TrancheOrder | SaleOrder
    tonnes: float
    to: Mapping[str | None, float]


def lot_chains(entered: Sequence[Entered]) -> Mapping[str, LotChain]:
    """Return the chain of each lot by its name, in the order in which they came."""
    found: dict[str, _Lot] = {}
    for x in entered:
        if isinstance(x.said, StatedPosition):
            _count(found, x, x.said)
            continue
        for departure in departures(x.said):
            _take(found, x, x.said, departure)
    return {name: lot.chain() for name, lot in found.items()}


def departures(orders: Orders) -> Iterator[Departure]:
    """Yield what left each tranche or was sold: releases as they were really made."""
    for x in orders.releases:
        yield Departure("released", x, _released(orders, x), _shares(x))
    for x in orders.hand_overs:
        yield Departure("handed_over", x, x.tonnes, {x.participant: 1.0})
    for x in orders.rotations:
        yield Departure("sold", x, x.tonnes, {None: 1.0})
    really = {x.material: x.sold_tonnes for x in orders.reconciliation.sales}
    for x in orders.sales:
        sold = really.get(x.material, x.tonnes)
        yield Departure("sold", x, sold, {None: 1.0})


def _released(orders: Orders, order: ReleaseOrder) -> float:
    """Return the tonnes really released: their part of those of the pool or right."""
    for x in orders.reconciliation.releases:
        if (x.material, x.offer) == (order.material, order.offer):
            if not x.ordered_tonnes:
                break
            # Of its pool or right: no tranche has more than all of that.
            part = min(order.tonnes / x.ordered_tonnes, 1.0)
            return part * x.released_tonnes
    return order.tonnes


def _shares(order: ReleaseOrder) -> Mapping[str | None, float]:
    # As entered, beneficiaries may get more than all.
    whole = max(order.tonnes, sum(x.tonnes for x in order.beneficiaries))
    if whole <= 0:
        return {}
    shares = {x.participant: x.tonnes / whole for x in order.beneficiaries}
    rest = 1.0 - sum(shares.values())
    return {**shares, **({None: rest} if rest > ROUNDING else {})}


def _count(found: dict[str, "_Lot"], x: Entered, stated: StatedPosition) -> None:
    """Note what a position has of each lot."""
    stock = {lot.id: lot for lot in stated.position.stock}
    for lot in stock.values():
        found.setdefault(lot.id, _Lot(lot)).now = lot
    for name, lot in found.items():
        change = (stock[name].tonnes if name in stock else 0.0) - lot.tonnes
        if abs(change) > ROUNDING * abs(lot.now.tonnes):
            kind = "counted" if lot.steps else "entered"
            lot.note(x, kind, stated.start, change)


def _take(
    found: Mapping[str, "_Lot"], x: Entered, orders: Orders, departure: Departure
) -> None:
    """Note what leaves each lot."""
    lots, left = _held_by(found.values(), departure.order), departure.tonnes
    for day in sorted({lot.now.arrival for lot in lots}):
        same = [lot for lot in lots if lot.now.arrival == day and lot.tonnes > 0]
        there = sum(lot.tonnes for lot in same)
        gone = min(left, there)
        if gone <= ROUNDING * departure.tonnes:
            continue
        left -= gone
        for lot in same:
            taken = lot.tonnes * (gone / there)
            for to, share in departure.to.items():
                lot.note(x, departure.kind, orders.start, -taken * share, to)


def _held_by(
    lots: Iterable["_Lot"], order: TrancheOrder | SaleOrder
) -> Sequence["_Lot"]:
    """Return the lots that name a tranche, right or sale, or that name nothing."""
    of_material = [lot for lot in lots if lot.now.material == order.material]
    if isinstance(order, SaleOrder):
        holder = lots_for_sale(order.material)
    else:
        holder = order.offer or order.tranche
    own = [x for x in of_material if (x.now.right or x.now.tranche) == holder]
    return own or [x for x in of_material if not (x.now.right or x.now.tranche)]


@dataclass(slots=True)
class _Lot:
    """A lot as the last position has it, and what was noted of it."""

    now: StockLot
    tonnes: float = 0.0
    steps: list[LotStep] = field(default_factory=list[LotStep])

    def note(
        self,
        x: Entered,
        kind: StepKind,
        day: dt.date,
        change: float,
        to: str | None = None,
    ) -> None:
        """Note a change of what is there."""
        self.tonnes += change
        step = LotStep(
            kind=kind, entry=x.entry, number=x.number, day=day, tonnes=change, to=to
        )
        self.steps.append(step)

    def chain(self) -> LotChain:
        """Return all that was noted of it."""
        origin = {name: getattr(self.now, name) for name in ORIGIN}
        left = self.tonnes if self.tonnes > ROUNDING * self.now.tonnes else 0.0
        return LotChain(id=self.now.id, tonnes=left, steps=tuple(self.steps), **origin)
