"""A reserve as it was found: what was done and counted otherwise than ordered.

Arrivals change the lots that arrived; what is missing leaves the oldest lots. What is
found beyond a right, or after its end, is free stock.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace

from models.instance import Instance
from models.opening_position import RightInForce, StockLot
from optimizer.advance.differences import TrancheEnd
from optimizer.advance.free_stock import FreeEnd
from optimizer.in_force.lots import (
    Arrival,
    arrived_lots,
    held_by,
    is_held_by,
    left_of,
    part_of,
    with_own_names,
)
from optimizer.in_force.on_order import coming_for
from optimizer.in_force.reserve_state import ReserveState

# Of what a tranche holds: rounding is no difference.
ROUNDING = 1e-9


def as_found(
    instance: Instance,
    reserve: ReserveState,
    ends: Sequence[TrancheEnd],
    free: Sequence[FreeEnd],
) -> ReserveState:
    """Return what a reserve really is after the first period.

    reserve is what it would be by the orders alone.
    """
    stock = [lot for lot in reserve.stock if not any(x.is_of(lot) for x in free)]
    stock += [lot for x in free for lot in x.lots]
    left = {x.offer for x in reserve.rights}
    coming: dict[str | None, float] = {}
    for x in reserve.purchases:
        coming[x.right] = coming.get(x.right, 0.0) + x.tonnes
    for end in ends:
        if end.is_as_ordered:
            continue
        tranche = end.month.tranche
        mine = [lot for lot in stock if is_held_by(tranche, lot)]
        stock = [lot for lot in stock if not is_held_by(tranche, lot)]
        found = [*_found(instance, end, mine)]
        if tranche.offer is not None:
            whole = tranche.tonnes if tranche.offer in left else 0.0
            whole = max(whole - coming.get(tranche.offer, 0.0), 0.0)
            found = [*_within(found, whole)]
        stock += found
    differences = {x.month.tranche.offer: x for x in ends if not x.is_as_ordered}
    return replace(
        reserve,
        stock=tuple(with_own_names(stock, {x.id for x in reserve.purchases})),
        rights=tuple(
            _right(right, differences[right.offer])
            if right.offer in differences
            else right
            for right in reserve.rights
        ),
    )


def _right(right: RightInForce, end: TrancheEnd) -> RightInForce:
    """Return a right of which otherwise was drawn or bought back than ordered.

    What did not come of its build-up was never drawn: it is still to be bought.
    """
    ordered = end.month
    more = end.released - ordered.released
    if not ordered.is_building_up:
        more -= end.added - ordered.acquired - ordered.delivered
    most = max(ordered.tranche.tonnes - end.at_end, 0.0)
    drawn = min(max(right.drawn_tonnes + more, 0.0), most)
    return right.model_copy(update={"drawn_tonnes": drawn})


def _within(lots: Sequence[StockLot], whole_tonnes: float) -> Iterator[StockLot]:
    """Yield lots of a right, of each as much free as together they are beyond it."""
    there = sum(lot.tonnes for lot in lots)
    if there <= whole_tonnes * (1 + ROUNDING):
        yield from lots
        return
    part = whole_tonnes / there
    for lot in lots:
        if part > 0:
            yield part_of(lot, part)
        yield held_by(None, part_of(lot, 1 - part))


def _found(
    instance: Instance, end: TrancheEnd, lots: Sequence[StockLot]
) -> Iterator[StockLot]:
    """Yield the lots of a tranche as they were found."""
    day = instance.horizon.start_of(1)
    before = [lot for lot in lots if lot.arrival < day]
    total = sum(end.arrived.values())
    arrived: list[StockLot] = []
    if total > 0:
        routes = instance.index.route
        parts = {routes[name]: x / total for name, x in end.arrived.items()}
        arrived += _arrived(instance, end, lots, Arrival(day, total, parts, 0.0))
    there = [*before, *_delivered(instance, end), *arrived]
    missing = sum(lot.tonnes for lot in there) - end.at_end
    if missing >= 0:
        yield from left_of(there, missing)
    elif there:
        oldest, *others = sorted(there, key=lambda lot: lot.arrival)
        yield part_of(oldest, 1 - missing / oldest.tonnes)
        yield from others
    elif -missing > ROUNDING:
        purchase = end.month.part.holding.purchases[int(end.month.policy.sourcing[0])]
        found = Arrival(day, -missing, _normed(purchase.routes), 0.0)
        yield from arrived_lots(instance, end.month.tranche, found)


def _delivered(instance: Instance, end: TrancheEnd) -> list[StockLot]:
    """Return the lots of purchases of before the start that arrived."""
    month = end.month
    c = month.part.tranches.index(month.tranche)
    return [
        lot
        for coming in coming_for(instance, month.part, c)
        for lot in coming.arrived(instance, 0, (0,))
        if is_held_by(month.tranche, lot)
    ]


def _arrived(
    instance: Instance, end: TrancheEnd, lots: Sequence[StockLot], arrival: Arrival
) -> Iterator[StockLot]:
    """Yield what really arrived, at the book value a tonne of what was ordered."""
    delivered = _delivered(instance, end)
    new = [lot for lot in lots if lot.arrival == arrival.day]
    tonnes = sum(lot.tonnes for lot in new) - sum(lot.tonnes for lot in delivered)
    value = sum(lot.book_value_usd for lot in new)
    value -= sum(lot.book_value_usd for lot in delivered)
    value = max(value, 0.0) / tonnes if tonnes > ROUNDING else 0.0
    priced = replace(arrival, unit_cost=value)
    yield from arrived_lots(instance, end.month.tranche, priced)


def _normed(weights: Mapping[int, float]) -> Mapping[int, float]:
    total = sum(weights.values())
    return {r: weight / total for r, weight in weights.items()}
