"""What a solve reports while it runs: its log, better plans, a warm start."""

import time
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from models.outcome import ProgressRecord
from models.plan import Plan
from optimizer.deadline import Clock, IsInterrupted
from optimizer.gap import gap_of


@dataclass(frozen=True, slots=True)
class SolveCallbacks:
    """Functions that a solve calls while it runs; one that is None is left out.

    on_progress gets each record of the log, on_incumbent each better plan, already
    checked, and on_warm_start the bytes from which another solve can start.
    is_interrupted is polled: once it returns true, the solve ends with its best plan.
    """

    on_progress: Callable[[ProgressRecord], None] | None = None
    on_incumbent: Callable[[Plan], None] | None = None
    on_warm_start: Callable[[bytes], None] | None = None
    is_interrupted: IsInterrupted | None = None

    def was_interrupted(self) -> bool:
        """Return whether the caller has interrupted the solve."""
        return self.is_interrupted is not None and self.is_interrupted()


NO_CALLBACKS = SolveCallbacks()


class ProgressLog:
    """The log of a solve; each record is also reported as it is written."""

    def __init__(
        self, callbacks: SolveCallbacks = NO_CALLBACKS, clock: Clock = time.monotonic
    ) -> None:
        self.records: list[ProgressRecord] = []
        self._on_progress = callbacks.on_progress
        self._clock = clock
        self.start = clock()

    def seconds(self) -> float:
        """Return the seconds since the start."""
        return self._clock() - self.start

    def step(self, stage: str, message: str) -> None:
        """Record a step without bounds."""
        self._add(ProgressRecord(seconds=self.seconds(), stage=stage, message=message))

    def bounds(
        self, stage: str, lower: float, upper: float, cuts: int | None = None
    ) -> None:
        """Record bounds in US dollars; an infinite one is not known yet."""
        is_known = np.isfinite(lower) and np.isfinite(upper)
        self._add(
            ProgressRecord(
                seconds=self.seconds(),
                stage=stage,
                lower_bound_usd=lower if np.isfinite(lower) else None,
                upper_bound_usd=upper if np.isfinite(upper) else None,
                gap=gap_of(upper, lower) if is_known else None,
                cuts=cuts,
            )
        )

    def _add(self, record: ProgressRecord) -> None:
        self.records.append(record)
        if self._on_progress is not None:
            self._on_progress(record)
