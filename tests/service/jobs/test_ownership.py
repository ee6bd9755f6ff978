from collections.abc import Callable

import pytest

from models.tables import Job, JobState
from service.clock import Clock
from service.jobs.dispatch import Dispatcher
from service.jobs.workplace import Workplace
from service.settings import Settings
from service.store.address import database_url
from service.store.opening import Store
from service.store.ownership import ownership_of
from tests.service.fake_solver import ENDLESS_SOLVER
from tests.service.interference import cut_connections
from tests.service.processes import processes_solving_here
from tests.service.waiting import wait_until

on_postgresql = pytest.mark.parametrize("store_url", ["postgresql"], indirect=True)


def test_one_at_a_time_has_the_right(settings: Settings, store: Store) -> None:
    """The second one gets it when the first one gave it back."""
    other = ownership_of(database_url(settings), store.database.engine)
    assert (store.ownership.is_held(), other.acquire()) == (True, False)
    store.ownership.close()
    assert (store.ownership.is_held(), other.acquire()) == (False, True)
    other.close()


@on_postgresql
def test_the_right_ends_with_its_session(store: Store) -> None:
    """It is not believed to be there; it can be taken again."""
    cut_connections(store.database)
    assert not store.ownership.is_held()
    assert store.ownership.acquire()
    assert store.ownership.is_held()


@on_postgresql
def test_a_server_that_loses_its_right_begins_anew(
    store: Store,
    queue_job: Callable[..., Job],
    read_job: Callable[..., Job],
    clock: Clock,
) -> None:
    """Nobody else took it: the process ends, and the job is started again."""
    job = queue_job()
    workplace = Workplace(ENDLESS_SOLVER)
    dispatcher = Dispatcher(store, clock, workplace, poll_interval_s=60)
    dispatcher.start()
    wait_until(processes_solving_here)
    first = processes_solving_here()
    cut_connections(store.database)
    dispatcher.wake()
    wait_until(lambda: read_job(job).attempt == 2 and processes_solving_here())
    assert set(first).isdisjoint(processes_solving_here())
    dispatcher.stop()
    assert read_job(job).state is JobState.QUEUED


@on_postgresql
def test_a_server_whose_right_another_one_took_does_nothing(
    settings: Settings,
    store: Store,
    queue_job: Callable[..., Job],
    read_job: Callable[..., Job],
    clock: Clock,
) -> None:
    """Its processes end; neither running nor queued jobs are its own any more."""
    running = queue_job()
    workplace = Workplace(ENDLESS_SOLVER)
    dispatcher = Dispatcher(store, clock, workplace, poll_interval_s=60)
    dispatcher.start()
    wait_until(processes_solving_here)
    cut_connections(store.database)
    other = ownership_of(database_url(settings), store.database.engine)
    assert other.acquire()
    waiting = queue_job()
    dispatcher.wake()
    wait_until(lambda: not processes_solving_here())
    wait_until(lambda: not dispatcher.is_alive)
    dispatcher.stop()
    # The other one put it back when it began, or will.
    assert read_job(running).state is JobState.RUNNING
    assert read_job(waiting).state is JobState.QUEUED
    other.close()
