"""Policies as arrays: every number of a rule, in tonnes a period."""

from dataclasses import MISSING, dataclass, fields

import numpy as np
from numpy.typing import NDArray

from optimizer.scenarios.scenario_set import Booleans, Floats

Integers = NDArray[np.int64]
NUMBER_OF_ALERT_LEVELS = 4
SCALED = frozenset(
    {
        "share",
        "target",
        "draw",
        "coverage",
        "floor",
        "replenish",
        "outload",
        "build_up",
        "rotation",
        "initial",
        "on_order",
    }
)


@dataclass(frozen=True, slots=True)
class Policies:
    """C policies of one holding.

    By policy (c): share of a whole candidate; target tonnes; build_up and rotation,
    what is swapped for fresh, tonnes a period, and outload those of a period of average
    length; build_start and build_end periods (end exclusive); build_cap multiple of the
    undisrupted price up to which planned buying goes on; initial tonnes in place at the
    start; sourcing position of the sourcing option. By policy and alert level (c, 4):
    draw, replenish tonnes a period; coverage share of the gap; floor tonnes; price_cap
    multiple of the undisrupted price. By policy and period (c, t): initial_expired the
    part of what is in place at the start that has expired by the end of the period,
    None if none of it is older than the start. is_in_force says which policies (c) were
    followed before, so that what they have in place is not bought; None if none was.
    on_order is what was bought for them before the start and is on the way, by purchase
    of the material (c, i) as in `OnOrder`; None if nothing is.
    """

    share: Floats
    target: Floats
    draw: Floats
    coverage: Floats
    floor: Floats
    replenish: Floats
    price_cap: Floats
    outload: Floats
    build_up: Floats
    rotation: Floats
    build_start: Integers
    build_end: Integers
    build_cap: Floats
    initial: Floats
    sourcing: Integers
    initial_expired: Floats | None = None
    is_in_force: Booleans | None = None
    on_order: Floats | None = None

    @property
    def number_of_policies(self) -> int:
        """Number of policies C."""
        return len(self.target)

    def scaled(self, share: Floats) -> "Policies":
        """Return the tranches that hold `share` (c) of each policy.

        Every step of a rule is positively homogeneous of degree one in these numbers,
        so the scaled policy does exactly share x what the full one does.
        """
        values = {field.name: getattr(self, field.name) for field in fields(self)}
        for name in SCALED:
            value = values[name]
            if value is not None:
                values[name] = value * (share if value.ndim == 1 else share[:, None])
        return Policies(**values)

    def select(self, chosen: Integers) -> "Policies":
        """Return some of the policies."""
        values = {field.name: getattr(self, field.name) for field in fields(self)}
        some = {k: value[chosen] for k, value in values.items() if value is not None}
        return Policies(**some)

    def coming(self) -> Floats:
        """Return all that is on the way for each policy (c), tonnes."""
        if self.on_order is None:
            return np.zeros(self.number_of_policies)
        return self.on_order.sum(axis=1)

    def planned(self, number_of_periods: int) -> Floats:
        """Return planned buying (c, t) in tonnes: build-up, no disruption."""
        t = np.arange(number_of_periods)
        inside = (t >= self.build_start[:, None]) & (t < self.build_end[:, None])
        earlier = np.maximum(t - self.build_start[:, None], 0) * self.build_up[:, None]
        left = np.maximum(self.target[:, None] - earlier, 0)
        return np.where(inside, np.minimum(self.build_up[:, None], left), 0.0)

    def most_acquired(self) -> Floats:
        """Return the most (c) that a policy buys in a period, tonnes."""
        return self.rotation + np.maximum(
            np.where(self.build_end > self.build_start, self.build_up, 0.0),
            self.replenish.max(axis=1),
        )

    def most_acquired_in(self, number_of_periods: int) -> Floats:
        """Return the most (c, t) that a policy buys in each period, tonnes."""
        is_after = np.arange(number_of_periods) >= self.build_end[:, None]
        refill = self.replenish.max(axis=1)[:, None]
        planned = self.planned(number_of_periods)
        return self.rotation[:, None] + np.where(is_after, refill, planned)

    def most_released(self, relative_length: float) -> Floats:
        """Return the most (c) that a policy releases in a period, tonnes.

        relative_length is that of the period over an average one.
        """
        outload = self.outload * relative_length
        return np.minimum(np.minimum(self.draw.max(axis=1), outload), self.target)


# What every policy has.
NUMBERS = tuple(field.name for field in fields(Policies) if field.default is MISSING)


def joined(parts: list[Policies]) -> Policies:
    """Return the policies of all parts, in order; none is in force or has old stock."""
    return Policies(
        **{
            name: np.concatenate([getattr(part, name) for part in parts])
            for name in NUMBERS
        }
    )
