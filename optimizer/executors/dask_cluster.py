"""The workers of a Dask cluster, each with its own executor."""

from collections.abc import Generator
from concurrent.futures import Executor
from contextlib import contextmanager
from typing import Any

from optimizer.executors.errors import ExecutorUnavailableError
from optimizer.executors.worker import prepare

NAME = "dask"
CONNECTION_TIMEOUT_S = 10


@contextmanager
def open_dask(address: str) -> Generator[tuple[Executor, ...]]:
    """Open the workers that the scheduler at an address has now."""
    try:
        from distributed import Client  # noqa: PLC0415 - optional
    except ImportError as error:
        raise ExecutorUnavailableError(
            NAME, found=str(error), expected="strongroom[dask] to be installed"
        ) from error
    try:
        # Any: half of what distributed returns has no type.
        client: Any = Client(
            address, timeout=CONNECTION_TIMEOUT_S, set_as_default=False
        )
    except OSError as error:
        raise ExecutorUnavailableError(
            NAME, found=str(error), expected=f"a scheduler that answers at {address}"
        ) from error
    with client:
        workers = _single_threaded(client.nthreads(), address)
        client.run(prepare)
        # pure=False: a call is made anew each time, its worker may have changed since.
        yield tuple(
            client.get_executor(workers=[worker], pure=False) for worker in workers
        )


def _single_threaded(threads: dict[str, int], address: str) -> list[str]:
    """Return the workers; raises if one may run two calls at a time."""
    busy = {worker: number for worker, number in threads.items() if number > 1}
    if not threads or busy:
        found = ", ".join(f"{n} threads in {w}" for w, n in busy.items())
        found = f"{found or 'no worker'} at {address}"
        raise ExecutorUnavailableError(
            NAME, found=found, expected="workers with --nthreads 1"
        )
    return sorted(threads)
