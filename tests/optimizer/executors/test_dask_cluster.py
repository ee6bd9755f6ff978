"""A real Dask cluster on this machine: a scheduler and two worker processes."""

from collections.abc import Generator, Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from distributed import LocalCluster

from optimizer.executors import ExecutorUnavailableError, open_executors
from tests.optimizer.executors.calls import (
    BrokenBlockError,
    fail,
    process,
    spread,
    square,
)


@contextmanager
def cluster(number_of_workers: int, threads: int = 1) -> Generator[str]:
    """Return the address of a scheduler with so many workers."""
    # Any: half of what distributed returns has no type.
    found: Any = LocalCluster(
        n_workers=number_of_workers,
        threads_per_worker=threads,
        processes=threads == 1,
        dashboard_address=":0",
        worker_dashboard_address=":0",
    )
    with found:
        yield str(found.scheduler_address)


@pytest.fixture(scope="module")
def address() -> Iterator[str]:
    """Return the address of a scheduler with two workers."""
    with cluster(2) as two:
        yield two


def test_each_worker_is_an_executor(address: str) -> None:
    """Two workers are two processes, each with its own blocks."""
    with open_executors(f"dask:{address}") as executors:
        first, second = (
            {executor.submit(process, x).result() for x in range(3)}
            for executor in executors
        )
        assert len(first) == len(second) == 1
        assert first != second


def test_blocks_come_back_in_order(address: str) -> None:
    """Answers are those of the blocks."""
    with open_executors(f"dask:{address}") as executors:
        assert spread(executors, 5) == [0, 1, 4, 9, 16]
        assert list(executors[0].map(square, range(4))) == [0, 1, 4, 9]


def test_errors_travel_back(address: str) -> None:
    """An error in a worker is raised where the result is read."""
    with open_executors(f"dask:{address}") as (first, _):
        future = first.submit(fail, 7)
        with pytest.raises(BrokenBlockError, match="block 7"):
            future.result()


@pytest.mark.parametrize(
    ("number_of_workers", "threads", "found"), [(0, 1, "no worker"), (1, 2, "2 thr")]
)
def test_workers_that_cannot_keep_state_are_refused(
    number_of_workers: int, threads: int, found: str
) -> None:
    """The message has what was found, and how to start the workers."""
    with (
        cluster(number_of_workers, threads) as other,
        pytest.raises(ExecutorUnavailableError, match=f"{found}.*--nthreads 1"),
        open_executors(f"dask:{other}"),
    ):
        pass
