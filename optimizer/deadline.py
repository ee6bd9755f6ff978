"""The time at which a computation must end: a limit, or an interruption."""

import time
from collections.abc import Callable
from dataclasses import dataclass, replace
from math import inf, isfinite

Clock = Callable[[], float]
IsInterrupted = Callable[[], bool]


@dataclass(frozen=True, slots=True)
class Deadline:
    """A time on a clock, in seconds; by default one that never comes.

    Once is_interrupted returns true, the deadline is over at once.
    """

    ends_at: float = inf
    clock: Clock = time.monotonic
    is_interrupted: IsInterrupted | None = None

    @classmethod
    def after(cls, seconds: float) -> "Deadline":
        """Return the deadline some seconds from now."""
        return cls(time.monotonic() + seconds)

    def seconds_left(self) -> float:
        """Return the seconds that are left, 0 after an interruption."""
        if self.is_interrupted is not None and self.is_interrupted():
            return 0.0
        return self.ends_at - self.clock()

    @property
    def is_over(self) -> bool:
        """Whether no time is left."""
        return self.seconds_left() <= 0

    def within(self, share: float) -> "Deadline":
        """Return an earlier deadline, after a share of the time that is left."""
        left = self.seconds_left()
        if not isfinite(left):
            return self
        return replace(self, ends_at=self.ends_at - (1 - share) * left)


NEVER = Deadline()
