"""The choice of executors by name, all with the interface of concurrent.futures.

A tuple, because a worker keeps what it has built: block b always goes to
executors[b % n], and finds its programs warm.
"""

from collections.abc import Generator, Sequence
from concurrent.futures import Executor
from contextlib import AbstractContextManager, contextmanager, nullcontext

from optimizer.cores import number_of_usable_cores
from optimizer.executors.dask_cluster import open_dask
from optimizer.executors.errors import (
    ExecutorUnavailableError,
    UnknownExecutorError,
)
from optimizer.executors.here import Here
from optimizer.executors.local import open_local
from optimizer.executors.mpi_ranks import open_mpi

__all__ = ["ExecutorUnavailableError", "UnknownExecutorError", "open_executors"]

EXPECTED = "here, local, local:NUMBER, mpi or dask:ADDRESS of a scheduler"


def open_executors(where: str) -> AbstractContextManager[tuple[Executor, ...]]:
    """Open executors until the end of a `with`.

    `local` has a process for each usable core, `local:4` four of them; `here` works in
    the calling process; `mpi` has the ranks of this MPI run, as one pool in which any
    rank may get any block; `dask:tcp://host:port` has the workers of that scheduler.

    Raises
    ------
    UnknownExecutorError
        If `where` is none of these.
    ExecutorUnavailableError
        On entry, if what it needs is not installed or not running.
    """
    kind, colon, rest = where.partition(":")
    if where == "here":
        return _open_here()
    if where == "local":
        return open_local(number_of_usable_cores())
    if where == "mpi":
        return open_mpi()
    if kind == "local" and rest.isdecimal() and int(rest) > 0:
        return open_local(int(rest))
    if kind == "dask" and colon and rest:
        return open_dask(rest)
    raise UnknownExecutorError(where, EXPECTED)


def opened(
    executors: Sequence[Executor] | str,
) -> AbstractContextManager[Sequence[Executor]]:
    """Return the given executors, left open at the end, or those opened by name."""
    if isinstance(executors, str):
        return open_executors(executors)
    return nullcontext(executors)


@contextmanager
def _open_here() -> Generator[tuple[Executor, ...]]:
    yield (Here(),)
