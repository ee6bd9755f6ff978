"""The ranks of an MPI run, started by `python -m mpi4py.futures`."""

import sys
from collections.abc import Generator
from concurrent.futures import Executor
from contextlib import contextmanager

from optimizer.executors.errors import ExecutorUnavailableError
from optimizer.executors.worker import prepare

NAME = "mpi"
LAUNCHER = "mpi4py.futures"


@contextmanager
def open_mpi() -> Generator[tuple[Executor, ...]]:
    """Open the pool of all other ranks, named once for each of them.

    One pool for all: mpi4py gives a call to whichever rank is idle, so a rank may get a
    block that it has not seen.
    """
    try:
        from mpi4py.futures import MPIPoolExecutor  # noqa: PLC0415 - optional
    except ImportError as error:
        raise ExecutorUnavailableError(
            NAME, found=str(error), expected="strongroom[mpi] and MPI to be installed"
        ) from error
    if LAUNCHER not in sys.orig_argv:
        expected = (
            "one that was started as "
            f"mpiexec -n 3 python -m {LAUNCHER} $(command -v strongroom) ..."
        )
        raise ExecutorUnavailableError(
            NAME, found="this is no MPI run", expected=expected
        )
    with MPIPoolExecutor(initializer=prepare) as pool:
        yield (pool,) * pool.num_workers
