from collections.abc import Callable

from models.tables import Job, JobState
from service.clock import Clock
from service.jobs.attempt import attempt
from service.jobs.queue import Claim, cancel
from service.store.database import Database
from service.store.plans import PlanRepository
from service.store.progress import ProgressRepository
from tests.service.fake_solver import Behaviour, solve

Started = Callable[..., tuple[Job, Claim]]
Read = Callable[[Job], Job]


def test_an_attempt_ends_with_a_plan(
    database: Database, start_job: Started, read_job: Read, clock: Clock
) -> None:
    """The job SUCCEEDED and names its plan."""
    job, claim = start_job(seed=Behaviour.SOLVE)
    attempt(database, claim, solve, clock)
    ended = read_job(job)
    assert ended.state is JobState.SUCCEEDED
    assert ended.plan_hash is not None


def test_what_the_solve_reports_is_stored(
    database: Database, start_job: Started, clock: Clock
) -> None:
    """The log of the job has the solver's words."""
    job, claim = start_job(seed=Behaviour.SOLVE)
    attempt(database, claim, solve, clock)
    with database.reading() as session:
        lines = ProgressRepository(session).page(job, after=0, limit=10)
        assert [line.record["message"] for line in lines] == ["here we go"]


def test_the_incumbent_of_a_solve_that_fails_is_stored(
    database: Database, start_job: Started, read_job: Read, clock: Clock
) -> None:
    """The job FAILED; the plan that it had by then can be read."""
    job, claim = start_job(seed=Behaviour.RAISE_WITH_A_PLAN)
    attempt(database, claim, solve, clock)
    ended = read_job(job)
    assert ended.state is JobState.FAILED
    assert ended.incumbent_hash is not None
    with database.reading() as session:
        assert PlanRepository(session).text(ended.incumbent_hash)


def test_an_error_of_the_solver_is_told_in_words(
    database: Database, start_job: Started, read_job: Read, clock: Clock
) -> None:
    """The job FAILED; what is told is the error, not a traceback."""
    job, claim = start_job(seed=Behaviour.RAISE)
    attempt(database, claim, solve, clock)
    ended = read_job(job)
    assert (ended.state, ended.failure) == (
        JobState.FAILED,
        "The solve stopped on an error: RuntimeError: the solver lost its way",
    )


def test_an_attempt_at_a_lost_job_does_nothing(
    database: Database, start_job: Started, read_job: Read, clock: Clock
) -> None:
    """A job that was cancelled before its process was ready stays CANCELLED."""
    job, claim = start_job(seed=Behaviour.SOLVE)
    with database.transaction() as session:
        cancel(session, job.id, clock)
    attempt(database, claim, solve, clock)
    assert read_job(job).state is JobState.CANCELLED
