"""The cores that a solve may use: those of its process, or a smaller limit.

They are used by processes. Linear algebra has one thread: several would add numbers up
in another order, so that last digits depended on the machine's cores.
"""

import os
from collections.abc import Callable, Generator
from contextlib import contextmanager
from contextvars import ContextVar
from functools import wraps
from typing import ParamSpec, TypeVar

from threadpoolctl import threadpool_limits

Arguments = ParamSpec("Arguments")
Result = TypeVar("Result")

_limit: ContextVar[int | None] = ContextVar("limit", default=None)


@contextmanager
def limited_cores(number: int | None) -> Generator[None]:
    """Limit the cores for the time of a `with`; None keeps the present limit.

    The limit holds for processes that are started inside.
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


def on_one_thread(
    function: Callable[Arguments, Result],
) -> Callable[Arguments, Result]:
    """Return the function with one thread for linear algebra while it runs."""

    @wraps(function)
    def call(*args: Arguments.args, **kwargs: Arguments.kwargs) -> Result:
        with threadpool_limits(1):
            return function(*args, **kwargs)

    return call
