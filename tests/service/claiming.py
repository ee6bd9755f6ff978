"""Start jobs as a worker does, but without an engine that hands out tickets."""

from sqlmodel import Session

from service.clock import Clock
from service.jobs.transitions import Claim, claim_job
from service.store.jobs import JobRepository

WORKER = "a worker"


def claim_next(session: Session, clock: Clock) -> Claim | None:
    """Start the job that would be put in the queue first, if there is one."""
    for job in JobRepository(session).astray(1):
        return claim_job(session, job.id, job.ticket, WORKER, clock)
    return None
