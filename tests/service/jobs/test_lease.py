from collections.abc import Callable

import pytest

from service.clock import Clock
from service.jobs.lease import Lease, new_worker_id
from service.store.database import Database
from service.store.workers import WorkerRepository

LEASE_S = 10.0


@pytest.fixture
def now() -> dict[str, float]:
    """Return a time that the test sets."""
    return {"s": 100.0}


@pytest.fixture
def lease(database: Database, clock: Clock, now: dict[str, float]) -> Lease:
    """Return the lease of a worker, which has begun."""
    lease = Lease(
        database,
        "a",
        number_of_slots=2,
        lease_s=LEASE_S,
        clock=clock,
        timer=lambda: now["s"],
    )
    lease.begin()
    return lease


@pytest.fixture
def living(database: Database) -> Callable[[], list[str]]:
    """Return a function that returns the living workers."""

    def read() -> list[str]:
        with database.reading() as session:
            return list(WorkerRepository(session).living())

    return read


def test_a_lease_is_over_by_the_clock_of_the_database(
    database: Database, lease: Lease, living: Callable[[], list[str]]
) -> None:
    """Whatever the time is on the worker's machine: 2026-01-01 in these tests."""
    assert lease
    assert living() == ["a"]
    with database.transaction() as session:
        WorkerRepository(session).renew("a", lease_s=-1.0)
    assert living() == []


def test_a_dead_worker_is_removed_and_may_come_back(
    database: Database, lease: Lease, living: Callable[[], list[str]]
) -> None:
    """It was stopped for a while, and continues."""
    with database.transaction() as session:
        workers = WorkerRepository(session)
        workers.renew("a", lease_s=-1.0)
        workers.remove_dead()
        assert not workers.renew("a", lease_s=LEASE_S)
    lease.renew()
    assert living() == ["a"]


def test_who_renews_in_time_may_judge(lease: Lease, now: dict[str, float]) -> None:
    """From the beginning."""
    assert lease.may_judge
    for _ in range(5):
        now["s"] += 1.0
        lease.renew()
        assert lease.may_judge


def test_a_late_worker_grants_the_others_a_whole_lease(
    lease: Lease, now: dict[str, float]
) -> None:
    """The database was away for 30 s: no worker could renew, and none is dead."""
    now["s"] += 30.0
    assert not lease.may_judge
    may_judge: list[bool] = []
    for _ in range(11):
        lease.renew()
        may_judge.append(lease.may_judge)
        now["s"] += 1.0
    assert may_judge == [False] * 10 + [True]


def test_no_two_workers_have_the_same_name() -> None:
    """Not even two of a process."""
    assert new_worker_id() != new_worker_id()
