import pytest
from sqlmodel import Session

from models.failure import FailureKind
from models.outcome import Outcome, Termination
from models.tables import DEFAULT_ORGANISATION, JobState
from service.clock import Clock
from service.errors import IllegalTransitionError, JobLostError
from service.jobs.transitions import (
    Claim,
    cancel,
    claim_job,
    conclude,
    fail,
    followed,
    give_up_lost,
    hand_back,
    keep_incumbent,
    succeed,
)
from service.store.jobs import JobRepository
from service.store.plans import PlanRepository
from tests.service.fake_solver import CRASHED, better_proved, incumbent_of, plan_of
from tests.service.jobs.conftest import StoredJobs

INFEASIBLE = Outcome(
    termination=Termination.INFEASIBLE, conflict=("too little money",), seconds=2.5
)


def test_a_job_is_started_once(jobs: StoredJobs) -> None:
    """The second worker comes too late."""
    job = jobs.queue()
    with jobs.transaction() as session:
        claims = [claim_job(session, job.id, 0, worker, jobs.clock) for worker in "ab"]
    assert claims == [Claim(job.id, 1, DEFAULT_ORGANISATION), None]


def test_a_worker_may_claim_its_job_again(jobs: StoredJobs) -> None:
    """The database may commit without confirming it; it is the same attempt."""
    job = jobs.queue()
    with jobs.transaction() as session:
        claims = [claim_job(session, job.id, 0, "a", jobs.clock) for _ in range(2)]
    assert claims == [Claim(job.id, 1, DEFAULT_ORGANISATION)] * 2


def test_a_job_of_a_later_version_waits_for_a_worker_of_that(jobs: StoredJobs) -> None:
    """An older one would solve its case and write that as the answer."""
    job = jobs.queue()
    with jobs.transaction() as session:
        stored = JobRepository(session).held(job.id)
        stored.kind, stored.is_in_queue = "a later kind", True
        session.flush()
        assert claim_job(session, job.id, 0, "a", jobs.clock) is None
    with jobs.transaction() as session:
        (left,) = JobRepository(session).astray(2)
    assert (left.id, left.state, left.attempt) == (job.id, JobState.QUEUED, 0)


def test_an_older_ticket_starts_nothing(jobs: StoredJobs) -> None:
    """The job was put in the queue again since."""
    job = jobs.queue()
    with jobs.transaction() as session:
        JobRepository(session).held(job.id).ticket = 2
        assert claim_job(session, job.id, 1, "a", jobs.clock) is None
        assert claim_job(session, job.id, 2, "a", jobs.clock) == Claim(
            job.id, 1, DEFAULT_ORGANISATION
        )


def test_nothing_is_started_for_a_job_that_is_not_there(jobs: StoredJobs) -> None:
    """It has been deleted."""
    with jobs.transaction() as session:
        assert claim_job(session, "no job", 1, "a", jobs.clock) is None


def test_a_plan_is_stored_with_the_end_of_its_job(jobs: StoredJobs) -> None:
    """One transaction: a job that SUCCEEDED has its plan."""
    plan = plan_of(jobs.instance)
    _, claim = jobs.start()
    outcome = Outcome(termination=Termination.OPTIMAL, plan=plan, seconds=2.5)
    jobs.change(succeed, claim, outcome)
    with jobs.reading() as session:
        assert '"method":"nothing is held"' in PlanRepository(session).text(
            plan.content_hash
        )


@pytest.mark.parametrize("second_usd", [3.0, 5.0])
def test_a_job_keeps_its_best_plan(jobs: StoredJobs, second_usd: float) -> None:
    """A second attempt starts again: its first plan may be worse than the kept one."""
    job, claim = jobs.start()
    plans = incumbent_of(jobs.instance), incumbent_of(jobs.instance, second_usd)
    for plan in plans:
        jobs.change(keep_incumbent, claim, plan)
    kept = jobs.read(job)
    best = min(plans, key=lambda plan: plan.promise.objective_usd)
    assert kept.incumbent_hash == best.content_hash
    assert kept.incumbent_upper_bound_usd == min(4.0, second_usd)
    assert kept.incumbent_lower_bound_usd == best.promise.lower_bound_usd


def test_the_answer_takes_the_place_of_the_incumbent(jobs: StoredJobs) -> None:
    """A job that SUCCEEDED has one plan."""
    job, claim = jobs.start()
    plan = plan_of(jobs.instance)
    outcome = Outcome(termination=Termination.OPTIMAL, plan=plan, seconds=2.5)
    with jobs.transaction() as session:
        keep_incumbent(session, claim, incumbent_of(jobs.instance), jobs.clock)
        succeed(session, claim, outcome, jobs.clock)
    ended = jobs.read(job)
    assert ended.plan_hash == ended.incumbent_hash == plan.content_hash
    assert ended.incumbent_upper_bound_usd == plan.promise.objective_usd


def test_a_cancelled_job_takes_what_its_process_still_finds(jobs: StoredJobs) -> None:
    """The plan is kept, and the job stays without result."""
    job, claim = jobs.start()
    with jobs.transaction() as session:
        keep_incumbent(session, claim, incumbent_of(jobs.instance), jobs.clock)
        cancel(session, job.id, jobs.clock)
    plan = plan_of(jobs.instance)
    outcome = Outcome(termination=Termination.INTERRUPTED, plan=plan, seconds=2.5)
    jobs.change(conclude, claim, outcome)
    ended = jobs.read(job)
    assert ended.incumbent_hash == plan.content_hash
    assert (ended.state, ended.plan_hash, ended.termination) == (
        JobState.CANCELLED,
        None,
        None,
    )


@pytest.mark.parametrize("is_proof_first", [True, False])
def test_the_better_proof_is_kept(jobs: StoredJobs, *, is_proof_first: bool) -> None:
    """Whichever comes first."""
    job, claim = jobs.start()
    plans = [better_proved(jobs.instance), incumbent_of(jobs.instance)]
    for plan in plans if is_proof_first else reversed(plans):
        jobs.change(keep_incumbent, claim, plan)
    assert jobs.read(job).incumbent_lower_bound_usd == 2.0


def test_an_infeasible_case_is_an_answer(jobs: StoredJobs) -> None:
    """The job SUCCEEDED; the conflict is why there is no plan."""
    job, claim = jobs.start()
    jobs.change(succeed, claim, INFEASIBLE)
    ended = jobs.read(job)
    assert (ended.state, ended.termination, ended.conflict, ended.plan_hash) == (
        JobState.SUCCEEDED,
        "INFEASIBLE",
        ["too little money"],
        None,
    )


def test_a_cancelled_job_takes_no_answer(jobs: StoredJobs) -> None:
    """What its process still writes is dropped."""
    job, claim = jobs.start()
    jobs.change(cancel, job.id)
    with pytest.raises(JobLostError):
        jobs.change(succeed, claim, INFEASIBLE)


def test_an_older_attempt_takes_no_answer(jobs: StoredJobs) -> None:
    """A worker that was taken for dead comes back too late: its answer is refused."""
    job, first = jobs.start()
    with jobs.transaction() as session:
        assert give_up_lost(JobRepository(session).held(job.id), jobs.clock)
        second = claim_job(session, job.id, job.ticket, "another", jobs.clock)
    for write in (fail_late, keep_late, conclude_late):
        with pytest.raises(JobLostError):
            jobs.change(write, first)
    assert second is not None
    jobs.change(succeed, second, INFEASIBLE)


def test_the_third_lost_attempt_fails_a_job(jobs: StoredJobs) -> None:
    """It is queued again twice and FAILED the third time."""
    job, states = jobs.queue(), list[JobState]()
    for worker in "abc":
        with jobs.transaction() as session:
            assert claim_job(session, job.id, job.ticket, worker, jobs.clock)
            give_up_lost(JobRepository(session).held(job.id), jobs.clock)
        states.append(jobs.read(job).state)
    assert states == [JobState.QUEUED, JobState.QUEUED, JobState.FAILED]
    assert "died 3 times" in (jobs.read(job).failure or "")
    assert jobs.read(job).failure_kind == FailureKind.WORKER_LOST


def test_handing_back_loses_no_attempt(jobs: StoredJobs) -> None:
    """A worker that stops in order does not count as lost."""
    job, claim = jobs.start()
    for worker in "bcde":
        with jobs.transaction() as session:
            hand_back(session, claim)
            again = claim_job(session, job.id, job.ticket, worker, jobs.clock)
        assert again is not None
        claim = again
    assert (jobs.read(job).lost_attempts, jobs.read(job).attempt) == (0, 5)


def test_cancelling_twice_changes_nothing(jobs: StoredJobs) -> None:
    """The time of the first one stays."""
    job = jobs.queue()
    with jobs.transaction() as session:
        first = cancel(session, job.id, jobs.clock).finished_at
        assert cancel(session, job.id, jobs.clock).finished_at == first


def test_a_finished_job_cannot_be_cancelled(jobs: StoredJobs) -> None:
    """An answer that is there stays."""
    job, claim = jobs.start()
    jobs.change(fail, claim, CRASHED)
    with pytest.raises(IllegalTransitionError):
        jobs.change(cancel, job.id)


def fail_late(session: Session, claim: Claim, clock: Clock) -> None:
    """Write that a job failed."""
    fail(session, claim, CRASHED, clock)


def conclude_late(session: Session, claim: Claim, clock: Clock) -> None:
    """Write the answer of a job."""
    conclude(session, claim, INFEASIBLE, clock)


def keep_late(session: Session, claim: Claim, clock: Clock) -> None:
    """Write lines of a job's log."""
    del clock
    followed(session, claim)
