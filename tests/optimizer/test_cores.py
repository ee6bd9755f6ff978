"""The limit of cores holds for processes, for HiGHS, and only as long as it is set."""

import threading

import pytest

from optimizer.cores import limit, limited_cores, number_of_usable_cores
from optimizer.executors import open_executors
from optimizer.highs import Solver
from tests.optimizer.covering import covering_program


def test_no_limit_is_the_machine() -> None:
    """None changes nothing, within another limit neither."""
    there = number_of_usable_cores()
    with limited_cores(None):
        assert (limit(), number_of_usable_cores()) == (None, there)
    with limited_cores(1), limited_cores(None):
        assert number_of_usable_cores() == 1
    assert (limit(), number_of_usable_cores()) == (None, there)


def test_a_limit_adds_no_cores() -> None:
    """More than there are makes no more processes."""
    there = number_of_usable_cores()
    with limited_cores(there + 1):
        assert number_of_usable_cores() == there


def test_local_keeps_to_the_limit() -> None:
    """One core, one process."""
    with limited_cores(1), open_executors("local") as executors:
        assert len(executors) == 1


@pytest.mark.parametrize("number", [1, 2])
def test_the_solver_keeps_to_the_limit(number: int) -> None:
    """HiGHS gets this number of threads, unless a program sets its own."""
    with limited_cores(number):
        solver = Solver(covering_program(5))
        own = Solver(covering_program(5), threads=1)
    assert (solver.number_of_threads, own.number_of_threads) == (number, 1)
    assert solver.run().values is not None


def test_another_thread_has_its_own_limit() -> None:
    """Two solves at the same time do not restrict each other."""
    found: list[int | None] = []
    with limited_cores(1):
        thread = threading.Thread(target=lambda: found.append(limit()))
        thread.start()
        thread.join()
    assert found == [None]
