"""Solve a case and then others that differ from it in little, keeping what is valid.

A what-if on budget, acquisition prices, loan terms, fees, limits or the weight of risk
starts from all cuts and warm programs of the one before; one on severities, demand or
the menu from the prices of its gaps. decomposition/cut_keys.py says what is valid when.
What was learned can be handed to another process or machine as bytes.
"""

import time
from collections.abc import Callable, Generator, Sequence
from concurrent.futures import Executor
from contextlib import contextmanager

from models.instance import Instance
from models.outcome import Outcome, ProgressRecord
from models.plan import Plan
from optimizer.decomposition.session import SolveSession
from optimizer.decomposition.warm_start import from_bytes, to_bytes
from optimizer.executors import open_executors
from optimizer.solve import Listener, never, solve_from


class OpenBase:
    """Solves one case after another. Neighbouring cases in a row are quickest."""

    def __init__(self, base: SolveSession) -> None:
        self._base = base

    def solve(
        self,
        instance: Instance,
        *,
        like: Instance | None = None,
        on_progress: Callable[[ProgressRecord], None] | None = None,
        on_incumbent: Callable[[Plan], None] | None = None,
        is_interrupted: Callable[[], bool] = never,
        clock: Callable[[], float] = time.monotonic,
    ) -> Outcome:
        """Return what `optimizer.solve` would, by decomposition, from what is known.

        With `like` it is solved on that case's scenarios, as `scenarios.sample` has it.
        """
        listener = Listener(on_progress, on_incumbent, is_interrupted)
        return solve_from(instance, self._base, listener, clock, like)

    def warm_start(self) -> bytes | None:
        """Return what `open_base` can begin with elsewhere, None if nothing is known.

        It has no code in it, and the cuts of the last case alone.
        """
        known = self._base.warm_start()
        return None if known is None else to_bytes(known)


@contextmanager
def open_base(
    executors: Sequence[Executor] | None = None, warm_start: bytes | None = None
) -> Generator[OpenBase]:
    """Open a base until the end of a `with`, on processes of this machine if unsaid.

    It begins from the warm start of another base, as far as that is valid for the first
    case; raises UnreadableWarmStartError if these are bytes of something else.
    """
    if executors is None:
        with open_executors("local") as local, open_base(local, warm_start) as base:
            yield base
        return
    base = SolveSession(
        executors, None if warm_start is None else from_bytes(warm_start)
    )
    try:
        yield OpenBase(base)
    finally:
        base.close()
