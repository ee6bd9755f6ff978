"""What can be done with a queued job. Each verb runs in the caller's transaction.

A job that is RUNNING belongs to the process that was started for its current attempt;
whoever writes for an older attempt has lost it. What the process of a job that was
cancelled meanwhile still finds is kept.
"""

import datetime as dt
from collections.abc import Container
from dataclasses import dataclass

from sqlmodel import Session

from models.outcome import Outcome
from models.plan import Plan
from models.tables import Job, JobState
from service.clock import Clock
from service.errors import JobLostError
from service.jobs.states import advance
from service.store.jobs import JobRepository
from service.store.plans import PlanRepository


@dataclass(frozen=True, slots=True)
class Claim:
    """The right to write for a job, until it is started again."""

    job_id: str
    attempt: int


def claim_next(session: Session, clock: Clock) -> Claim | None:
    """Start the job that is next by priority and age, if one waits."""
    job = JobRepository(session).next_queued()
    if job is None:
        return None
    job.state = advance(job.state, JobState.RUNNING)
    job.attempt += 1
    job.started_at = clock()
    return Claim(job.id, job.attempt)


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
    job.state = advance(job.state, JobState.SUCCEEDED)
    job.finished_at = now


def fail(session: Session, claim: Claim, failure: str, clock: Clock) -> None:
    """Write why there is no answer."""
    job = held(session, claim)
    job.failure = failure
    job.state = advance(job.state, JobState.FAILED)
    job.finished_at = clock()


def cancel(session: Session, job_id: str, clock: Clock) -> Job:
    """Give the job up; a second time changes nothing. Its process is ended later."""
    job = JobRepository(session).held(job_id)
    if job.state is not JobState.CANCELLED:
        job.state = advance(job.state, JobState.CANCELLED)
        job.finished_at = clock()
    return job


def requeue_running(session: Session) -> int:
    """Put every job that is RUNNING back in its place; return how many there were.

    For when their processes are known to be gone: the server stops, or starts.
    """
    jobs = JobRepository(session).running()
    for job in jobs:
        job.state = advance(job.state, JobState.QUEUED)
        job.started_at = None
    return len(jobs)


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
