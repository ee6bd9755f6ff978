from collections.abc import Callable, Generator
from contextlib import contextmanager

import pytest

from models.tables import Job, JobState
from service.clock import Clock
from service.jobs.dispatch import Dispatcher
from service.jobs.queue import Claim, cancel
from service.store.database import Database
from service.store.jobs import JobRepository
from service.store.opening import Store
from tests.service.conftest import IDLE_COMMAND
from tests.service.waiting import wait_until

Read = Callable[[Job], Job]
Queue = Callable[..., Job]


@contextmanager
def dispatching(
    store: Store, clock: Clock, *command: str, number_of_slots: int = 1
) -> Generator[Dispatcher]:
    """Run a dispatcher that would sleep for a minute if nobody woke it."""
    dispatcher = Dispatcher(
        store,
        clock,
        environment={},
        command=command,
        number_of_slots=number_of_slots,
        poll_interval_s=60,
    )
    dispatcher.start()
    try:
        yield dispatcher
    finally:
        dispatcher.stop()


def test_a_queued_job_is_started(
    store: Store, queue_job: Queue, read_job: Read, clock: Clock
) -> None:
    """The job that waited when the server came is RUNNING."""
    job = queue_job()
    with dispatching(store, clock, *IDLE_COMMAND):
        wait_until(lambda: read_job(job).state is JobState.RUNNING)


def test_a_job_that_is_announced_is_started_at_once(
    store: Store, queue_job: Queue, read_job: Read, clock: Clock
) -> None:
    """Waking does not wait for the next look."""
    with dispatching(store, clock, *IDLE_COMMAND) as dispatcher:
        job = queue_job()
        dispatcher.wake()
        wait_until(lambda: read_job(job).state is JobState.RUNNING)


def test_no_more_jobs_run_than_there_are_slots(
    store: Store, queue_job: Queue, read_job: Read, clock: Clock
) -> None:
    """Of three jobs two run; the third has to wait."""
    jobs = [queue_job() for _ in range(3)]
    with dispatching(store, clock, *IDLE_COMMAND, number_of_slots=2):
        wait_until(lambda: read_job(jobs[1]).state is JobState.RUNNING)
        assert read_job(jobs[2]).state is JobState.QUEUED


@pytest.mark.parametrize(
    ("script", "end"),
    [("exit 3", "exit status 3"), ("kill -9 $$", "signal 9 (SIGKILL)")],
)
def test_a_process_that_dies_fails_its_job(
    store: Store,
    queue_job: Queue,
    read_job: Read,
    clock: Clock,
    script: str,
    end: str,
) -> None:
    """The failure says how the process ended."""
    job = queue_job()
    with dispatching(store, clock, "sh", "-c", script):
        wait_until(lambda: read_job(job).state is JobState.FAILED)
    expected = f"The solving process ended without an answer: {end}."
    assert read_job(job).failure == expected


def test_a_program_that_is_not_there_fails_the_job(
    store: Store, queue_job: Queue, read_job: Read, clock: Clock
) -> None:
    """The failure says that nothing was started."""
    job = queue_job()
    with dispatching(store, clock, "/no/such/program"):
        wait_until(lambda: read_job(job).state is JobState.FAILED)
    assert "could not be started" in (read_job(job).failure or "")


def test_the_next_job_follows_one_that_failed(
    store: Store, queue_job: Queue, read_job: Read, clock: Clock
) -> None:
    """A crash costs one job, not the queue."""
    jobs = [queue_job() for _ in range(2)]
    with dispatching(store, clock, "sh", "-c", "exit 1"):
        wait_until(lambda: read_job(jobs[1]).state is JobState.FAILED)
    assert read_job(jobs[0]).state is JobState.FAILED


def test_cancelling_ends_the_process_and_frees_its_slot(
    store: Store, database: Database, queue_job: Queue, read_job: Read, clock: Clock
) -> None:
    """The job behind it starts."""
    jobs = [queue_job() for _ in range(2)]
    with dispatching(store, clock, *IDLE_COMMAND) as dispatcher:
        wait_until(lambda: read_job(jobs[0]).state is JobState.RUNNING)
        with database.transaction() as session:
            cancel(session, jobs[0].id, clock)
        dispatcher.wake()
        wait_until(lambda: read_job(jobs[1]).state is JobState.RUNNING)
    assert read_job(jobs[0]).state is JobState.CANCELLED


def test_stopping_puts_running_jobs_back(
    store: Store, queue_job: Queue, read_job: Read, clock: Clock
) -> None:
    """A server that stops loses no job."""
    job = queue_job()
    with dispatching(store, clock, *IDLE_COMMAND):
        wait_until(lambda: read_job(job).state is JobState.RUNNING)
    assert read_job(job).state is JobState.QUEUED


def test_starting_takes_over_what_a_killed_server_left(
    store: Store,
    database: Database,
    start_job: Callable[..., tuple[Job, Claim]],
    clock: Clock,
) -> None:
    """A job without process is started again, as its second attempt."""
    job, _ = start_job()
    with dispatching(store, clock, *IDLE_COMMAND):
        wait_until(lambda: _attempt(database, job) == 2)


def _attempt(database: Database, job: Job) -> int:
    with database.reading() as session:
        return JobRepository(session).get(job.id).attempt
