"""What really happened against the orders, tranche by tranche.

Who releases or receives otherwise than ordered is told by material, right or route. Its
tranches share the difference, none below 0.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from models.observation import Observation
from models.orders import PurchaseOrder
from optimizer.advance.tranche_month import TrancheMonth

ROUNDING = 1e-9


@dataclass(frozen=True, slots=True)
class TrancheEnd:
    """A tranche at the end of the period: as it was found, tonnes.

    released is what really was, arrived what came over each route for stock and in
    exchange for what is rotated; missing is what was not there when stock was counted,
    below 0 if more was found.
    """

    month: TrancheMonth
    released: float
    arrived: Mapping[str, float]
    missing: float = 0.0

    @property
    def added(self) -> float:
        """What arrived beyond what was rotated; below 0 if less arrived.

        That of purchases of before the start included. No more is rotated than releases
        have left.
        """
        arrived = sum(self.arrived.values()) + self.month.delivered
        left = self.month.at_start - self.released
        return max(arrived - self.month.rotated, -left)

    @property
    def expected(self) -> float:
        """What should be there."""
        return max(self._left, 0.0)

    @property
    def expired(self) -> float:
        """What has become too old of what was still there."""
        return max(self.month.expired + min(self._left, 0.0), 0.0)

    @property
    def _left(self) -> float:
        """What is left if as much expires as by the orders; below 0 if less can."""
        ordered = self.month
        more = ordered.released - self.released + self.added
        more -= ordered.acquired + ordered.delivered
        return ordered.at_end + more

    @property
    def at_end(self) -> float:
        """What is there."""
        return max(self.expected - self.missing, 0.0)

    @property
    def is_as_ordered(self) -> bool:
        """Whether nothing was otherwise than ordered."""
        ordered = self.month.at_end
        return abs(self.at_end - ordered) <= ROUNDING * ordered


def tranche_ends(
    months: Sequence[TrancheMonth],
    purchases: Sequence[PurchaseOrder],
    material_of_route: Mapping[str, str],
    observation: Observation,
) -> list[TrancheEnd]:
    """Return what became of each tranche, in the order of the months."""
    released = _released(months, observation)
    arrived = _arrived(months, purchases, material_of_route, observation)
    ends = [
        TrancheEnd(month, released[month.name], arrived[month.name]) for month in months
    ]
    counted = observation.happened.stock_tonnes
    return [
        _as_counted(end, ends, counted[end.month.tranche.material])
        if end.month.tranche.material in counted
        else end
        for end in ends
    ]


def released_in(months: Sequence[TrancheMonth]) -> float:
    """Return what tranches release by the orders."""
    return sum(month.released for month in months)


def pool_of(months: Sequence[TrancheMonth], material: str) -> list[TrancheMonth]:
    """Return the tranches of the pool of a material."""
    return [
        x for x in months if x.tranche.material == material and x.tranche.offer is None
    ]


def right_of(months: Sequence[TrancheMonth], offer: str) -> list[TrancheMonth]:
    """Return the tranches of the right of an offer; none if it is not awarded."""
    return [x for x in months if x.tranche.offer == offer]


def ordered_by_route(purchases: Sequence[PurchaseOrder]) -> dict[str, float]:
    """Return what is to arrive over each route in the period."""
    found: dict[str, float] = {}
    for x in purchases:
        if x.route is not None and x.purpose != "opening":
            found[x.route] = found.get(x.route, 0.0) + x.tonnes
    return found


def _released(
    months: Sequence[TrancheMonth], observation: Observation
) -> dict[str, float]:
    """Return what each tranche really released, by its name."""
    happened = observation.happened
    found = {month.name: month.released for month in months}
    groups = [
        *((pool_of(months, m), x) for m, x in happened.released_tonnes.items()),
        *((right_of(months, k), x) for k, x in happened.drawn_tonnes.items()),
    ]
    for group, tonnes in groups:
        ordered = {x.name: x.released for x in group}
        if (more := tonnes - released_in(group)) <= 0:
            found |= _shared(tonnes, ordered)
            continue
        left = {x.name: x.at_start - x.released for x in group}
        for name, part in _shared(more, left).items():
            found[name] += part
    return found


def _arrived(
    months: Sequence[TrancheMonth],
    purchases: Sequence[PurchaseOrder],
    material_of_route: Mapping[str, str],
    observation: Observation,
) -> dict[str, dict[str, float]]:
    """Return what really arrived for each tranche over each route, by its name.

    Where nothing was ordered, what is late from before goes to all that hold it.
    """
    found = {month.name: dict[str, float]() for month in months}
    for x in purchases:
        if x.route is not None and x.purpose != "opening":
            routes = found[x.tranche]
            routes[x.route] = routes.get(x.route, 0.0) + x.tonnes
    for route, tonnes in observation.happened.arrived_tonnes.items():
        parts = {name: x[route] for name, x in found.items() if route in x}
        if not parts:
            held = [x for x in months if x.tranche.material == material_of_route[route]]
            parts = {x.name: x.tranche.tonnes for x in held}
        for name, part in _shared(tonnes, parts).items():
            found[name][route] = part
    return found


def _as_counted(
    end: TrancheEnd, ends: Sequence[TrancheEnd], counted: float
) -> TrancheEnd:
    """Return a tranche with its part of what was not there when it was counted."""
    material = end.month.tranche.material
    group = [x for x in ends if x.month.tranche.material == material]
    missing = sum(x.expected for x in group) - counted
    parts = {x.month.name: x.expected for x in group}
    if not any(parts.values()):
        parts = {x.month.name: x.month.tranche.tonnes for x in group}
    name = end.month.name
    return TrancheEnd(
        end.month, end.released, end.arrived, _shared(missing, parts)[name]
    )


def _shared(tonnes: float, parts: Mapping[str, float]) -> dict[str, float]:
    """Return tonnes shared out in proportion to parts, equally if all are 0."""
    total = sum(parts.values())
    if total <= 0:
        return dict.fromkeys(parts, tonnes / max(len(parts), 1))
    return {name: tonnes * part / total for name, part in parts.items()}
