import json
from collections.abc import Callable, Generator
from contextlib import contextmanager

import pytest

from models.tables import Job, JobState
from service.clock import Clock
from service.jobs.dispatch import Dispatcher
from service.jobs.queue import Claim, cancel
from service.jobs.workplace import Workplace
from service.store.cases import CaseRepository
from service.store.database import Database
from service.store.jobs import JobRepository
from service.store.opening import Store
from service.store.plans import PlanRepository
from tests.service.fake_solver import ENDLESS_SOLVER, SOLVER, Behaviour
from tests.service.waiting import wait_until

Read = Callable[[Job], Job]
Queue = Callable[..., Job]


@contextmanager
def dispatching(
    store: Store, clock: Clock, solver: str, number_of_slots: int = 1
) -> Generator[Dispatcher]:
    """Run a dispatcher that would sleep for a minute if nobody woke it."""
    workplace = Workplace(solver, number_of_slots=number_of_slots)
    dispatcher = Dispatcher(store, clock, workplace, poll_interval_s=60)
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
    with dispatching(store, clock, ENDLESS_SOLVER):
        wait_until(lambda: read_job(job).state is JobState.RUNNING)


def test_a_job_that_is_announced_is_started_at_once(
    store: Store, queue_job: Queue, read_job: Read, clock: Clock
) -> None:
    """Waking does not wait for the next look."""
    with dispatching(store, clock, ENDLESS_SOLVER) as dispatcher:
        job = queue_job()
        dispatcher.wake()
        wait_until(lambda: read_job(job).state is JobState.RUNNING)


def test_no_more_jobs_run_than_there_are_slots(
    store: Store, queue_job: Queue, read_job: Read, clock: Clock
) -> None:
    """Of three jobs two run; the third has to wait."""
    jobs = [queue_job() for _ in range(3)]
    with dispatching(store, clock, ENDLESS_SOLVER, number_of_slots=2):
        wait_until(lambda: read_job(jobs[1]).state is JobState.RUNNING)
        assert read_job(jobs[2]).state is JobState.QUEUED


def test_as_many_jobs_run_at_once_as_there_are_slots(
    store: Store, database: Database, queue_job: Queue, read_job: Read, clock: Clock
) -> None:
    """Both have found a plan before either is asked to end; then both have ended."""
    jobs = [queue_job(seed=Behaviour.GO_ON_UNTIL_ASKED) for _ in range(2)]
    with dispatching(store, clock, SOLVER, number_of_slots=2) as dispatcher:
        wait_until(lambda: all(read_job(job).incumbent_hash for job in jobs))
        assert {read_job(job).state for job in jobs} == {JobState.RUNNING}
        with database.transaction() as session:
            cancel(session, jobs[0].id, clock)
        dispatcher.wake()
        wait_until(lambda: read_job(jobs[0]).incumbent_lower_bound_usd == 2.0)
        assert read_job(jobs[1]).state is JobState.RUNNING


@pytest.mark.parametrize(
    ("behaviour", "failure"),
    [
        (Behaviour.CRASH, "The solver crashed (signal 11, SIGSEGV)."),
        (Behaviour.RAISE, "RuntimeError: the solver lost its way"),
        (Behaviour.DIE, "The solving process was killed from outside"),
        (Behaviour.EXIT, "ended without an answer: exit status 3"),
    ],
)
def test_a_solve_that_breaks_fails_its_job_alone(
    store: Store,
    queue_job: Queue,
    read_job: Read,
    clock: Clock,
    behaviour: Behaviour,
    failure: str,
) -> None:
    """The failure says how it ended, in words; the next job is solved."""
    broken, following = queue_job(seed=behaviour), queue_job(seed=Behaviour.SOLVE)
    with dispatching(store, clock, SOLVER):
        wait_until(lambda: read_job(following).state is JobState.SUCCEEDED)
    ended = read_job(broken)
    assert ended.state is JobState.FAILED
    assert failure in (ended.failure or "")
    assert "Traceback" not in (ended.failure or "")


def test_a_case_that_is_damaged_fails_its_job(
    store: Store, database: Database, queue_job: Queue, read_job: Read, clock: Clock
) -> None:
    """Nothing is started for it, and nothing hangs."""
    job = queue_job()
    with database.transaction() as session:
        CaseRepository(session).get(job.solved_case_hash).content = b"no case"
    with dispatching(store, clock, SOLVER):
        wait_until(lambda: read_job(job).state is JobState.FAILED)
    assert "could not be started" in (read_job(job).failure or "")


def test_a_cancelled_job_keeps_what_its_process_had(
    store: Store, database: Database, queue_job: Queue, read_job: Read, clock: Clock
) -> None:
    """The bound of the moment in which it stopped, with the plan that has it."""
    job = queue_job(seed=Behaviour.GO_ON_UNTIL_ASKED)
    with dispatching(store, clock, SOLVER) as dispatcher:
        wait_until(lambda: read_job(job).incumbent_hash)
        with database.transaction() as session:
            cancelled_at = cancel(session, job.id, clock).finished_at
        dispatcher.wake()
        wait_until(lambda: read_job(job).incumbent_lower_bound_usd == 2.0)
    ended = read_job(job)
    assert (ended.state, ended.termination, ended.failure) == (
        JobState.CANCELLED,
        None,
        None,
    )
    assert ended.finished_at == cancelled_at
    with database.reading() as session:
        text = PlanRepository(session).text(ended.incumbent_hash or "")
    assert json.loads(text)["promise"]["lower_bound_usd"] == 2.0


def test_cancelling_ends_the_process_and_frees_its_slot(
    store: Store, database: Database, queue_job: Queue, read_job: Read, clock: Clock
) -> None:
    """The job behind it starts."""
    jobs = [queue_job() for _ in range(2)]
    with dispatching(store, clock, ENDLESS_SOLVER) as dispatcher:
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
    with dispatching(store, clock, ENDLESS_SOLVER):
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
    with dispatching(store, clock, ENDLESS_SOLVER):
        wait_until(lambda: _attempt(database, job) == 2)


def _attempt(database: Database, job: Job) -> int:
    with database.reading() as session:
        return JobRepository(session).get(job.id).attempt
