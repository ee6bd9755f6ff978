"""The limit of cores holds for processes, and only as long as it is set."""

import threading

from threadpoolctl import threadpool_info

from optimizer.cores import (
    limit,
    limited_cores,
    number_of_usable_cores,
    on_one_thread,
)
from optimizer.executors import open_executors


def numbers_of_threads() -> list[int]:
    """Return the number of threads of each library of linear algebra."""
    return [int(library["num_threads"]) for library in threadpool_info()]


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


def test_linear_algebra_has_one_thread() -> None:
    """As long as the function runs; then as many as before."""
    before = numbers_of_threads()
    assert {*on_one_thread(numbers_of_threads)()} == {1}
    assert numbers_of_threads() == before


def test_another_thread_has_its_own_limit() -> None:
    """Two solves at the same time do not restrict each other."""
    found: list[int | None] = []
    with limited_cores(1):
        thread = threading.Thread(target=lambda: found.append(limit()))
        thread.start()
        thread.join()
    assert found == [None]
