"""What can be done with a queued job. Each verb runs in the caller's transaction.

A job that is RUNNING belongs to the process that was started for its current attempt;
whoever writes for an older attempt has lost it. What the process of a job that was
cancelled meanwhile still finds is kept.
"""

import datetime as dt
from collections.abc import Container, Iterable
from dataclasses import dataclass

from sqlmodel import Session

from models.failure import Failure
from models.outcome import Outcome
from models.plan import Plan
from models.tables import Job, JobKind, JobState
from service.clock import Clock
from service.errors import JobLostError
from service.jobs.failures import MOST_LOST_ATTEMPTS, WORKER_LOST
from service.jobs.reuse import VERSION
from service.jobs.states import advance
from service.store.jobs import JobRepository
from service.store.plans import PlanRepository


@dataclass(frozen=True, slots=True)
class Claim:
    """The right to write for a job, until it is started again."""

    job_id: str
    attempt: int


def claim(
    session: Session, job_id: str, ticket: int, worker_id: str, clock: Clock
) -> Claim | None:
    """Start a queued job on a worker; not if the ticket is not its last one.

    A worker that has started it, and did not hear so, has it. A job whose batch is
    paused is put in the queue again when that goes on; one of a kind that a later
    version brought, soon, until a worker of that takes it.
    """
    jobs = JobRepository(session)
    job = jobs.find(job_id)
    if job is None or job.ticket != ticket:
        return None
    if job.state is JobState.RUNNING and job.worker_id == worker_id:
        return Claim(job.id, job.attempt)
    if job.state is not JobState.QUEUED:
        return None
    if job.kind not in set(JobKind) or jobs.is_paused(job):
        job.is_in_queue = False
        return None
    job.state = advance(job.state, JobState.RUNNING)
    job.attempt += 1
    job.worker_id = worker_id
    job.is_in_queue = False
    job.started_at = clock()
    return Claim(job.id, job.attempt)


def refuse(session: Session, job_id: str, ticket: int) -> None:
    """Let a ticket go whose job is not begun now; the job is put in the queue again."""
    job = JobRepository(session).find(job_id)
    if job is not None and (job.state, job.ticket) == (JobState.QUEUED, ticket):
        job.is_in_queue = False


def claimed(session: Session, claim: Claim) -> Job:
    """Return the job to read, or raise JobLostError if the claim does not hold now."""
    job = JobRepository(session).get(claim.job_id)
    return _checked(job, claim, {JobState.RUNNING})


def held(session: Session, claim: Claim) -> Job:
    """Return the job to write, or raise JobLostError; until the end the claim holds."""
    job = JobRepository(session).held(claim.job_id)
    return _checked(job, claim, {JobState.RUNNING})


def followed(session: Session, claim: Claim) -> Job:
    """Return the job to add to, which may be cancelled, or raise JobLostError."""
    job = JobRepository(session).held(claim.job_id)
    return _checked(job, claim, {JobState.RUNNING, JobState.CANCELLED})


def keep_incumbent(session: Session, claim: Claim, plan: Plan, clock: Clock) -> None:
    """Store a plan, unless an earlier one is better, or as good with more proof."""
    job = followed(session, claim)
    upper, lower = job.incumbent_upper_bound_usd, job.incumbent_lower_bound_usd
    found = plan.promise
    if (
        upper is None
        or lower is None
        or (found.objective_usd, -found.lower_bound_usd) < (upper, -lower)
    ):
        _set_incumbent(session, job, plan, clock())


def conclude(session: Session, claim: Claim, outcome: Outcome, clock: Clock) -> None:
    """Write the answer; of a job that was cancelled meanwhile, keep the plan alone."""
    job = followed(session, claim)
    if job.state is JobState.RUNNING:
        succeed(session, claim, outcome, clock)
    elif outcome.plan is not None:
        keep_incumbent(session, claim, outcome.plan, clock)


def succeed(session: Session, claim: Claim, outcome: Outcome, clock: Clock) -> None:
    """Write the answer and its plan, which takes the place of the incumbent."""
    job = held(session, claim)
    now = clock()
    if outcome.plan is not None:
        job.plan_hash = _set_incumbent(session, job, outcome.plan, now)
    job.termination = outcome.termination.value
    job.seconds = outcome.seconds
    job.conflict = list(outcome.conflict)
    job.solved_with = VERSION
    job.state = advance(job.state, JobState.SUCCEEDED)
    job.finished_at = now


def fail(session: Session, claim: Claim, failure: Failure, clock: Clock) -> None:
    """Write why there is no answer."""
    _fail(held(session, claim), failure, clock)


def cancel(session: Session, job_id: str, clock: Clock) -> Job:
    """Give the job up; a second time changes nothing. Its process is ended later."""
    job = JobRepository(session).held(job_id)
    cancel_all([job], clock)
    return job


def cancel_all(jobs: Iterable[Job], clock: Clock) -> None:
    """Give up jobs that are held, in the same way."""
    now = clock()
    for job in jobs:
        if job.state is not JobState.CANCELLED:
            job.state = advance(job.state, JobState.CANCELLED)
            job.finished_at = now


def hand_back(session: Session, claim: Claim) -> Job:
    """Put a job back in its place, whose process was ended before its time."""
    job = held(session, claim)
    return _put_back(job)


def put_back_all(session: Session) -> int:
    """Put each job that is not finished back in its place; return how many there are.

    For when neither their processes nor their tickets are those of this store.
    """
    jobs = JobRepository(session).unfinished()
    for job in jobs:
        if job.state is JobState.RUNNING:
            _put_back(job)
        job.is_in_queue = False
        job.worker_id = None
    return len(jobs)


def give_up_lost(job: Job, clock: Clock) -> bool:
    """Put a job back whose worker died, or let it fail; return whether it is queued.

    The caller holds the job, which is RUNNING.
    """
    job.lost_attempts += 1
    if job.lost_attempts < MOST_LOST_ATTEMPTS:
        _put_back(job)
        return True
    _fail(job, WORKER_LOST, clock)
    return False


def _fail(job: Job, failure: Failure, clock: Clock) -> None:
    job.failure, job.failure_kind = failure.reason, failure.kind
    job.state = advance(job.state, JobState.FAILED)
    job.finished_at = clock()


def _put_back(job: Job) -> Job:
    job.state = advance(job.state, JobState.QUEUED)
    job.started_at = None
    return job


def _checked(job: Job, claim: Claim, states: Container[JobState]) -> Job:
    if job.state not in states or job.attempt != claim.attempt:
        detail = f"It is {job.state}, attempt {job.attempt}; claimed: {claim.attempt}."
        raise JobLostError(detail)
    return job


def _set_incumbent(session: Session, job: Job, plan: Plan, at: dt.datetime) -> str:
    plans = PlanRepository(session)
    content_hash = plans.put(plan, case_hash=job.solved_case_hash, at=at)
    job.incumbent_hash = content_hash
    job.incumbent_upper_bound_usd = plan.promise.objective_usd
    job.incumbent_lower_bound_usd = plan.promise.lower_bound_usd
    return content_hash
