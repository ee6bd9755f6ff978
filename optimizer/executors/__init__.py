"""Executors for blocks of scenarios: in this process, in others, over MPI or Dask."""

from optimizer.executors.choice import (
    ExecutorUnavailableError,
    UnknownExecutorError,
    open_executors,
    opened,
)
from optimizer.executors.mapping import map_in_order, settle
from optimizer.executors.worker import is_closing

__all__ = [
    "ExecutorUnavailableError",
    "UnknownExecutorError",
    "is_closing",
    "map_in_order",
    "open_executors",
    "opened",
    "settle",
]
