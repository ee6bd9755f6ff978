"""The time at which a computation must end: a limit, or an interruption.

A search that can end with what it has found asks its Deadline. A step that is worth
nothing until it is done, such as set-up, calls `look` again and again: it raises
OutOfTimeError once the deadline of the enclosing `enforced` is over.
"""

import time
from collections.abc import Callable, Generator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, replace
from math import inf, isfinite

Clock = Callable[[], float]
IsInterrupted = Callable[[], bool]


class OutOfTimeError(Exception):
    """The deadline of a step was over before the step was done."""


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

_enforced: ContextVar[Deadline] = ContextVar("enforced deadline", default=NEVER)


@contextmanager
def enforced(deadline: Deadline) -> Generator[None]:
    """Let `look` raise once a deadline is over, for the time of a `with`.

    It replaces that of an enclosing `with`.
    """
    before = _enforced.set(deadline)
    try:
        yield
    finally:
        _enforced.reset(before)


@contextmanager
def uninterrupted() -> Generator[None]:
    """Let an interruption pass, for steps that end by themselves and keep a result."""
    with enforced(replace(_enforced.get(), is_interrupted=None)):
        yield


def enforced_deadline() -> Deadline:
    """Return the deadline that is enforced here, NEVER if none is."""
    return _enforced.get()


def look(least_seconds: float = 0.0) -> None:
    """Raise OutOfTimeError if the enforced deadline is over.

    Also if fewer than least_seconds are left: for a step that cannot look while it
    runs.
    """
    if _enforced.get().seconds_left() <= least_seconds:
        raise OutOfTimeError
