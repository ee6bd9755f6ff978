"""The number of cores a solve may use: those of its process, or a smaller limit."""

import os
from collections.abc import Generator
from contextlib import contextmanager
from contextvars import ContextVar

_limit: ContextVar[int | None] = ContextVar("limit", default=None)


@contextmanager
def limited_cores(number: int | None) -> Generator[None]:
    """Limit the cores for the time of a `with`; None keeps the present limit.

    The limit holds for processes and for threads of HiGHS that are started inside.
    """
    token = _limit.set(limit() if number is None else number)
    try:
        yield
    finally:
        _limit.reset(token)


def limit() -> int | None:
    """Return the limit of cores, None if there is none."""
    return _limit.get()


def number_of_usable_cores() -> int:
    """Return the number of cores that may be used."""
    if hasattr(os, "sched_getaffinity"):
        there = len(os.sched_getaffinity(0))
    else:
        there = os.cpu_count() or 1
    return min(there, limit() or there)
