"""What a worker gives to each job, and the memory that its processes use."""

import os

import pytest

from service.jobs.limits import Limits
from service.jobs.memory import Usage, equal_share, usage_of_session
from service.jobs.worker_config import WorkerConfig

GIVEN = 2_000_000_000


@pytest.mark.parametrize(
    ("wanted", "found"),
    [(None, GIVEN), (300_000_000, 300_000_000), (3_000_000_000, GIVEN)],
)
def test_memory_is_limited_by_the_worker(wanted: int | None, found: int) -> None:
    """Less, if that is asked for."""
    config = WorkerConfig(memory_limit_bytes=GIVEN)
    task = config.task("{}", limits=Limits(memory_limit_bytes=wanted))
    assert task.memory_limit_bytes == found


def test_slots_share_the_machine() -> None:
    """Without a setting the limit is the share of a slot."""
    config = WorkerConfig(number_of_slots=2)
    task = config.task("{}", limits=Limits(memory_limit_bytes=2**50))
    assert task.memory_limit_bytes == equal_share(2)


def test_threads_are_handed_on() -> None:
    """As ordered; the solve keeps to the cores that are there."""
    task = WorkerConfig().task("{}", limits=Limits(number_of_threads=3))
    assert task.number_of_threads == 3
    assert WorkerConfig().task("{}").number_of_threads is None


def test_slots_share_the_memory_of_the_machine() -> None:
    """All of them together leave something for the server."""
    machine = os.sysconf("SC_PHYS_PAGES") * os.sysconf("SC_PAGE_SIZE")
    assert 0 < 4 * equal_share(4) <= equal_share(1) < machine


def test_a_session_has_the_memory_of_its_processes() -> None:
    """It has at least what is held here."""
    held = b"x" * 200_000_000
    usage = usage_of_session(os.getsid(0))
    assert min(usage.together, usage.largest) >= len(held)


def test_an_unknown_session_has_no_processes() -> None:
    """No process leads it."""
    assert usage_of_session(2**22 + 1) == Usage()
