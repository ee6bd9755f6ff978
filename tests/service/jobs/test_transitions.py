import pytest
from sqlmodel import Session

from models.failure import FailureKind
from models.instance import Instance
from models.outcome import Outcome, Termination
from models.tables import JobState
from service.clock import Clock
from service.errors import IllegalTransitionError, JobLostError
from service.jobs.transitions import (
    Claim,
    cancel,
    claim,
    conclude,
    fail,
    followed,
    give_up_lost,
    hand_back,
    keep_incumbent,
    succeed,
)
from service.store.database import Database
from service.store.jobs import JobRepository
from service.store.plans import PlanRepository
from tests.service.fake_solver import CRASHED, better_proved, incumbent_of, plan_of
from tests.service.jobs.conftest import Queue, Read, Started

INFEASIBLE = Outcome(
    termination=Termination.INFEASIBLE, conflict=("too little money",), seconds=2.5
)


def test_a_job_is_started_once(
    database: Database, queue_job: Queue, clock: Clock
) -> None:
    """The second worker comes too late."""
    job = queue_job()
    with database.transaction() as session:
        claims = [claim(session, job.id, 0, worker, clock) for worker in "ab"]
    assert claims == [Claim(job.id, 1), None]


def test_who_did_not_hear_that_it_has_a_job_may_ask_again(
    database: Database, queue_job: Queue, clock: Clock
) -> None:
    """The database may commit without confirming it; it is the same attempt."""
    job = queue_job()
    with database.transaction() as session:
        claims = [claim(session, job.id, 0, "a", clock) for _ in range(2)]
    assert claims == [Claim(job.id, 1)] * 2


def test_a_job_of_a_later_version_waits_for_a_worker_of_that(
    database: Database, queue_job: Queue, clock: Clock
) -> None:
    """An older one would solve its case and write that as the answer."""
    job = queue_job()
    with database.transaction() as session:
        stored = JobRepository(session).held(job.id)
        stored.kind, stored.is_in_queue = "a later kind", True
        session.flush()
        assert claim(session, job.id, 0, "a", clock) is None
    with database.transaction() as session:
        (left,) = JobRepository(session).astray(2)
    assert (left.id, left.state, left.attempt) == (job.id, JobState.QUEUED, 0)


def test_an_older_ticket_starts_nothing(
    database: Database, queue_job: Queue, clock: Clock
) -> None:
    """The job was put in the queue again since."""
    job = queue_job()
    with database.transaction() as session:
        JobRepository(session).held(job.id).ticket = 2
        assert claim(session, job.id, 1, "a", clock) is None
        assert claim(session, job.id, 2, "a", clock) == Claim(job.id, 1)


def test_nothing_is_started_for_a_job_that_is_not_there(
    database: Database, clock: Clock
) -> None:
    """It has been deleted."""
    with database.transaction() as session:
        assert claim(session, "no job", 1, "a", clock) is None


def test_a_plan_is_stored_with_the_end_of_its_job(
    database: Database, start_job: Started, instance: Instance, clock: Clock
) -> None:
    """One transaction: a job that SUCCEEDED has its plan."""
    plan = plan_of(instance)
    _, claim = start_job()
    outcome = Outcome(termination=Termination.OPTIMAL, plan=plan, seconds=2.5)
    with database.transaction() as session:
        succeed(session, claim, outcome, clock)
    with database.reading() as session:
        assert '"method":"nothing is held"' in PlanRepository(session).text(
            plan.content_hash
        )


@pytest.mark.parametrize("second_usd", [3.0, 5.0])
def test_a_job_keeps_its_best_plan(
    database: Database,
    start_job: Started,
    read_job: Read,
    instance: Instance,
    clock: Clock,
    second_usd: float,
) -> None:
    """A second attempt starts again: its first plan may be worse than the kept one."""
    job, claim = start_job()
    plans = incumbent_of(instance), incumbent_of(instance, second_usd)
    for plan in plans:
        with database.transaction() as session:
            keep_incumbent(session, claim, plan, clock)
    kept = read_job(job)
    best = min(plans, key=lambda plan: plan.promise.objective_usd)
    assert kept.incumbent_hash == best.content_hash
    assert kept.incumbent_upper_bound_usd == min(4.0, second_usd)
    assert kept.incumbent_lower_bound_usd == best.promise.lower_bound_usd


def test_the_answer_takes_the_place_of_the_incumbent(
    database: Database,
    start_job: Started,
    read_job: Read,
    instance: Instance,
    clock: Clock,
) -> None:
    """A job that SUCCEEDED has one plan."""
    job, claim = start_job()
    plan = plan_of(instance)
    outcome = Outcome(termination=Termination.OPTIMAL, plan=plan, seconds=2.5)
    with database.transaction() as session:
        keep_incumbent(session, claim, incumbent_of(instance), clock)
        succeed(session, claim, outcome, clock)
    ended = read_job(job)
    assert ended.plan_hash == ended.incumbent_hash == plan.content_hash
    assert ended.incumbent_upper_bound_usd == plan.promise.objective_usd


def test_a_cancelled_job_takes_what_its_process_still_finds(
    database: Database,
    start_job: Started,
    read_job: Read,
    instance: Instance,
    clock: Clock,
) -> None:
    """The plan is kept, and the job stays without result."""
    job, claim = start_job()
    with database.transaction() as session:
        keep_incumbent(session, claim, incumbent_of(instance), clock)
        cancel(session, job.id, clock)
    plan = plan_of(instance)
    outcome = Outcome(termination=Termination.INTERRUPTED, plan=plan, seconds=2.5)
    with database.transaction() as session:
        conclude(session, claim, outcome, clock)
    ended = read_job(job)
    assert ended.incumbent_hash == plan.content_hash
    assert (ended.state, ended.plan_hash, ended.termination) == (
        JobState.CANCELLED,
        None,
        None,
    )


@pytest.mark.parametrize("is_proof_first", [True, False])
def test_of_equal_plans_the_better_proved_is_kept(
    database: Database,
    start_job: Started,
    read_job: Read,
    instance: Instance,
    clock: Clock,
    is_proof_first: bool,  # noqa: FBT001 - a parameter of the test
) -> None:
    """Whichever comes first."""
    job, claim = start_job()
    plans = [better_proved(instance), incumbent_of(instance)]
    for plan in plans if is_proof_first else reversed(plans):
        with database.transaction() as session:
            keep_incumbent(session, claim, plan, clock)
    assert read_job(job).incumbent_lower_bound_usd == 2.0


def test_an_infeasible_case_is_an_answer(
    database: Database, start_job: Started, read_job: Read, clock: Clock
) -> None:
    """The job SUCCEEDED; the conflict is why there is no plan."""
    job, claim = start_job()
    with database.transaction() as session:
        succeed(session, claim, INFEASIBLE, clock)
    ended = read_job(job)
    assert (ended.state, ended.termination, ended.conflict, ended.plan_hash) == (
        JobState.SUCCEEDED,
        "INFEASIBLE",
        ["too little money"],
        None,
    )


def test_a_cancelled_job_takes_no_answer(
    database: Database, start_job: Started, clock: Clock
) -> None:
    """What its process still writes is dropped."""
    job, claim = start_job()
    with database.transaction() as session:
        cancel(session, job.id, clock)
    with pytest.raises(JobLostError), database.transaction() as session:
        succeed(session, claim, INFEASIBLE, clock)


def test_an_older_attempt_takes_no_answer(
    database: Database, start_job: Started, clock: Clock
) -> None:
    """A worker that was taken for dead comes back too late: its answer is refused."""
    job, first = start_job()
    with database.transaction() as session:
        assert give_up_lost(JobRepository(session).held(job.id), clock)
        second = claim(session, job.id, job.ticket, "another", clock)
    for write in (fail_late, keep_late, conclude_late):
        with pytest.raises(JobLostError), database.transaction() as session:
            write(session, first, clock)
    assert second is not None
    with database.transaction() as session:
        succeed(session, second, INFEASIBLE, clock)


def test_a_job_that_kills_its_workers_fails_at_the_third(
    database: Database, queue_job: Queue, read_job: Read, clock: Clock
) -> None:
    """It is queued again twice and FAILED the third time."""
    job, states = queue_job(), list[JobState]()
    for worker in "abc":
        with database.transaction() as session:
            assert claim(session, job.id, job.ticket, worker, clock)
            give_up_lost(JobRepository(session).held(job.id), clock)
        states.append(read_job(job).state)
    assert states == [JobState.QUEUED, JobState.QUEUED, JobState.FAILED]
    assert "died 3 times" in (read_job(job).failure or "")
    assert read_job(job).failure_kind == FailureKind.WORKER_LOST


def test_a_job_that_is_handed_back_has_lost_nothing(
    database: Database, start_job: Started, read_job: Read, clock: Clock
) -> None:
    """A worker that stops in order does not count as lost."""
    job, right = start_job()
    for worker in "bcde":
        with database.transaction() as session:
            hand_back(session, right)
            again = claim(session, job.id, job.ticket, worker, clock)
        assert again is not None
        right = again
    assert (read_job(job).lost_attempts, read_job(job).attempt) == (0, 5)


def test_cancelling_twice_changes_nothing(
    database: Database, queue_job: Queue, clock: Clock
) -> None:
    """The time of the first one stays."""
    job = queue_job()
    with database.transaction() as session:
        first = cancel(session, job.id, clock).finished_at
        assert cancel(session, job.id, clock).finished_at == first


def test_a_finished_job_cannot_be_cancelled(
    database: Database, start_job: Started, clock: Clock
) -> None:
    """An answer that is there stays."""
    job, claim = start_job()
    with database.transaction() as session:
        fail(session, claim, CRASHED, clock)
    with pytest.raises(IllegalTransitionError), database.transaction() as session:
        cancel(session, job.id, clock)


def fail_late(session: Session, right: Claim, clock: Clock) -> None:
    """Write that a job failed."""
    fail(session, right, CRASHED, clock)


def conclude_late(session: Session, right: Claim, clock: Clock) -> None:
    """Write the answer of a job."""
    conclude(session, right, INFEASIBLE, clock)


def keep_late(session: Session, right: Claim, clock: Clock) -> None:
    """Write lines of a job's log."""
    del clock
    followed(session, right)
