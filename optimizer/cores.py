"""How many cores a solve may use: those of its process, or fewer if it was told so."""

import os
from collections.abc import Generator
from contextlib import contextmanager
from contextvars import ContextVar

_limit: ContextVar[int | None] = ContextVar("limit", default=None)


@contextmanager
def limited_cores(number: int | None) -> Generator[None]:
    """Use at most so many cores until the end of a `with`; None leaves it as it is.

    It counts for the processes and for the threads of HiGHS that are started in it.
    """
    token = _limit.set(limit() if number is None else number)
    try:
        yield
    finally:
        _limit.reset(token)


def limit() -> int | None:
    """Return how many cores may be used at most, None if nobody said."""
    return _limit.get()


def number_of_usable_cores() -> int:
    """Return how many cores may be used here."""
    if hasattr(os, "sched_getaffinity"):
        there = len(os.sched_getaffinity(0))
    else:
        there = os.cpu_count() or 1
    return min(there, limit() or there)
