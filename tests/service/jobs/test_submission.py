import pytest

from models.outcome import Outcome, Termination
from models.tables import Job, JobState, Priority
from service.errors import (
    CaseNotFoundError,
    IdempotencyKeyReusedError,
    MalformedOrderError,
)
from service.jobs.limits import Limits
from service.jobs.submission import SolveOrder, case_of, submit
from service.jobs.transitions import claim_job, succeed
from service.store.cases import CaseRepository
from service.store.database import Database
from tests.service.jobs.conftest import StoredJobs


def test_a_new_job_is_queued(jobs: StoredJobs) -> None:
    """It waits and was never started."""
    job = jobs.queue()
    assert (job.state, job.attempt) == (JobState.QUEUED, 0)


def test_a_job_without_overrides_solves_the_case_itself(jobs: StoredJobs) -> None:
    """Nothing differs, so it is the same document."""
    job = jobs.queue()
    assert job.solved_case_hash == job.case_hash


def test_a_job_with_overrides_solves_a_case_that_is_stored(jobs: StoredJobs) -> None:
    """A client that reads the plan can read the case that it is for."""
    job = jobs.queue(seed=7)
    with jobs.reading() as session:
        assert '"seed":7' in CaseRepository(session).text(job.solved_case_hash)


def test_a_job_keeps_all_options(jobs: StoredJobs) -> None:
    """Those that were not given are the case's."""
    job = jobs.queue(seed=7)
    assert (job.options["seed"], job.options["gap"]) == (7, 0.01)


def test_wrong_options_are_all_reported(jobs: StoredJobs) -> None:
    """One mistake for each option that is wrong or unknown."""
    order = SolveOrder(jobs.case_hash, {"gap": 2, "speed": "fast"})
    with pytest.raises(MalformedOrderError) as refused, jobs.reading() as session:
        case_of(session, order)
    paths = {mistake.path for mistake in refused.value.mistakes}
    assert paths == {"options.gap", "options.speed"}


def test_an_unknown_case_is_not_found(database: Database) -> None:
    """A job needs a stored case."""
    with pytest.raises(CaseNotFoundError), database.reading() as session:
        case_of(session, SolveOrder("0" * 64))


def test_the_same_order_under_the_same_key_is_the_same_job(jobs: StoredJobs) -> None:
    """A client that heard no answer asks again."""
    assert jobs.queue(key="a", seed=7).id == jobs.queue(key="a", seed=7).id


def test_asking_again_with_another_urgency_is_the_same_order(jobs: StoredJobs) -> None:
    """The job keeps the priority that it has."""
    first = jobs.queue(key="a", priority=Priority.BATCH)
    again = jobs.queue(key="a", priority=Priority.INTERACTIVE)
    assert (again.id, again.priority) == (first.id, Priority.BATCH)


def test_another_order_under_the_same_key_is_refused(jobs: StoredJobs) -> None:
    """A key names one order."""
    jobs.queue(key="a", seed=7)
    order = SolveOrder(jobs.case_hash, {"seed": 8}, idempotency_key="a")
    with pytest.raises(IdempotencyKeyReusedError), jobs.transaction() as session:
        submit(session, order, case_of(session, order), jobs.clock)


def test_the_same_order_without_key_is_another_job(jobs: StoredJobs) -> None:
    """Solving twice is allowed."""
    assert jobs.queue().id != jobs.queue().id


@pytest.mark.parametrize(
    ("termination", "threads", "is_reused"),
    [
        (Termination.TIME_LIMIT, 2, True),
        (Termination.TIME_LIMIT, 4, False),
        (Termination.TIME_LIMIT, None, False),
        (Termination.GAP_REACHED, 4, True),
        (Termination.INTERRUPTED, 2, False),
    ],
)
def test_what_came_of_too_little_time_counts_for_as_many_threads_only(
    jobs: StoredJobs, termination: Termination, threads: int | None, *, is_reused: bool
) -> None:
    """With more of them the same time gives another answer; a gap is a gap."""

    def queue(number_of_threads: int | None) -> Job:
        limits = Limits(number_of_threads=number_of_threads)
        order = SolveOrder(jobs.case_hash, limits=limits)
        with jobs.transaction() as session:
            return submit(session, order, case_of(session, order), jobs.clock)[0]

    first = queue(2)
    outcome = Outcome(termination=termination, seconds=1.0)
    with jobs.transaction() as session:
        claim = claim_job(session, first.id, first.ticket, "a worker", jobs.clock)
        assert claim is not None
        succeed(session, claim, outcome, jobs.clock)
    later = queue(threads)
    assert later.reused_from == (first.id if is_reused else None)
    assert later.state is (JobState.SUCCEEDED if is_reused else JobState.QUEUED)
