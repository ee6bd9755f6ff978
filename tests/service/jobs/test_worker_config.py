"""What a worker gives to each job, and what an order makes of it."""

import pytest

from service.jobs.limits import Limits
from service.jobs.memory import equal_share
from service.jobs.worker_config import WorkerConfig

GIVEN = 2_000_000_000


@pytest.mark.parametrize(
    ("wanted", "found"),
    [(None, GIVEN), (300_000_000, 300_000_000), (3_000_000_000, GIVEN)],
)
def test_no_job_has_more_memory_than_its_worker_gives(
    wanted: int | None, found: int
) -> None:
    """Less, if that is asked for."""
    config = WorkerConfig(memory_limit_bytes=GIVEN)
    task = config.task("{}", limits=Limits(memory_limit_bytes=wanted))
    assert task.memory_limit_bytes == found


def test_slots_share_the_machine() -> None:
    """Where no worker says, the share of a slot is the most."""
    config = WorkerConfig(number_of_slots=2)
    task = config.task("{}", limits=Limits(memory_limit_bytes=2**50))
    assert task.memory_limit_bytes == equal_share(2)


def test_threads_are_handed_on() -> None:
    """As ordered; the solve keeps to the cores that are there."""
    task = WorkerConfig().task("{}", limits=Limits(number_of_threads=3))
    assert task.number_of_threads == 3
    assert WorkerConfig().task("{}").number_of_threads is None
