"""The transitions of jobs. Each function runs in the transaction of the caller.

A RUNNING job belongs to the process of its current attempt; writes of an older attempt
raise JobLostError. A plan that the process of a cancelled job still finds is kept.
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
from service.store.audit_log import AuditTrail, Author
from service.store.jobs import JobRepository
from service.store.plans import PlanRepository
from service.store.portions import PortionRepository


@dataclass(frozen=True, slots=True)
class Claim:
    """The right to write for a job of an organisation, until it is started again."""

    job_id: str
    attempt: int
    organisation: str


def claim_job(
    session: Session, job_id: str, ticket: int, worker_id: str, clock: Clock
) -> Claim | None:
    """Start a queued job on a worker; None unless the ticket is its last one.

    A worker that asks again, because it did not get the answer, gets the same claim. A
    job of a paused batch leaves the queue until the batch is resumed, one with portions
    until they have ended; a job of an unknown kind leaves it until a worker of a later
    version takes it. An analysis is RUNNING as soon as one of its portions is.
    """
    jobs = JobRepository(session)
    job = jobs.find(job_id)
    if job is None or job.ticket != ticket:
        return None
    if job.state is JobState.RUNNING and job.worker_id == worker_id:
        return Claim(job.id, job.attempt, job.organisation)
    if job.state is not JobState.QUEUED:
        return None
    if job.kind not in set(JobKind) or jobs.has_to_wait(job):
        job.is_in_queue = False
        return None
    job.state = advance(job.state, JobState.RUNNING)
    job.attempt += 1
    job.worker_id = worker_id
    job.is_in_queue = False
    job.started_at = clock()
    whole = jobs.whole_of(job)
    if whole is not None and whole.state is JobState.QUEUED:
        whole.state = advance(whole.state, JobState.RUNNING)
        whole.started_at = job.started_at
    return Claim(job.id, job.attempt, job.organisation)


def refuse(session: Session, job_id: str, ticket: int) -> None:
    """Give up a ticket without starting its job, which is queued again."""
    job = JobRepository(session).find(job_id)
    if job is not None and (job.state, job.ticket) == (JobState.QUEUED, ticket):
        job.is_in_queue = False


def claimed(session: Session, claim: Claim) -> Job:
    """Return the job, not locked; raise JobLostError if the claim no longer holds."""
    job = JobRepository(session).get(claim.job_id)
    return _checked(job, claim, {JobState.RUNNING})


def held(session: Session, claim: Claim) -> Job:
    """Return the job, locked; raise JobLostError if the claim no longer holds."""
    job = JobRepository(session).held(claim.job_id)
    return _checked(job, claim, {JobState.RUNNING})


def followed(session: Session, claim: Claim) -> Job:
    """Return the job, locked; it may be cancelled. Raises JobLostError."""
    job = JobRepository(session).held(claim.job_id)
    return _checked(job, claim, {JobState.RUNNING, JobState.CANCELLED})


def keep_incumbent(session: Session, claim: Claim, plan: Plan, clock: Clock) -> None:
    """Store a plan, unless an earlier one is better, or as good with a better bound."""
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
    """Write the answer; of a job that has been cancelled, only the plan."""
    job = followed(session, claim)
    if job.state is JobState.RUNNING:
        succeed(session, claim, outcome, clock)
    elif outcome.plan is not None:
        keep_incumbent(session, claim, outcome.plan, clock)


def succeed(session: Session, claim: Claim, outcome: Outcome, clock: Clock) -> None:
    """Write the answer and its plan, which replaces the incumbent."""
    job = held(session, claim)
    now = clock()
    if outcome.plan is not None:
        job.plan_hash = _set_incumbent(session, job, outcome.plan, now)
    job.termination = outcome.termination.value
    job.seconds = outcome.seconds
    job.conflict = list(outcome.conflict)
    job.warnings = [*(job.warnings or ()), *outcome.warnings]
    job.solved_with = VERSION
    job.state = advance(job.state, JobState.SUCCEEDED)
    job.finished_at = now
    log_answer(session, job, job.plan_hash, now)


def log_answer(
    session: Session, job: Job, answer: str | None, now: dt.datetime
) -> None:
    """Let the audit log have the hash of a job's answer; its worker is the actor."""
    author = Author(job.worker_id or "", job.request_id or "")
    AuditTrail(session, author, now).add("answer", "job", job.id, result=answer)


def fail(session: Session, claim: Claim, failure: Failure, clock: Clock) -> None:
    """Write why there is no answer."""
    _fail(held(session, claim), failure, clock)


def cancel(session: Session, job_id: str, clock: Clock) -> Job:
    """Cancel a job with its portions; a second call changes nothing.

    Processes are ended later.
    """
    job = JobRepository(session).held(job_id)
    cancel_all([job, *PortionRepository(session).unfinished(job)], clock)
    return job


def cancel_all(jobs: Iterable[Job], clock: Clock) -> None:
    """Cancel jobs that the transaction has locked."""
    now = clock()
    for job in jobs:
        if job.state is not JobState.CANCELLED:
            job.state = advance(job.state, JobState.CANCELLED)
            job.finished_at = now


def hand_back(session: Session, claim: Claim) -> Job:
    """Queue a job again whose process was ended."""
    job = held(session, claim)
    return _put_back(job)


def put_back_all(session: Session) -> int:
    """Queue all unfinished jobs again; return their number.

    For a restored store: processes and tickets of the jobs belong to another one.
    """
    jobs = JobRepository(session).unfinished()
    for job in jobs:
        if job.state is JobState.RUNNING:
            _put_back(job)
        job.is_in_queue = False
        job.worker_id = None
    return len(jobs)


def give_up_lost(job: Job, clock: Clock) -> bool:
    """Queue a job again whose worker died, or let it fail; return whether it is queued.

    The job is RUNNING, and the caller has locked it. One without a worker has waited
    for its portions.
    """
    if job.worker_id is None:
        _put_back(job)
        return True
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
