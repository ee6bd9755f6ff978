"""Warm starts that solves of one batch share, from process to process.

The first solve of a batch that reports a warm start serves all that begin after it.
Each solve checks what of it is valid for its own case.
"""

import base64

from sqlmodel import Session

from models.tables import Job
from service.clock import Clock
from service.jobs.messages import WarmStartFound
from service.jobs.transitions import Claim, followed
from service.store.batches import BatchRepository


def stored_warm_start(session: Session, job: Job) -> tuple[bytes | None, bool]:
    """Return the warm start for a job, and whether the job is to report one.

    A job outside of batches has none and reports none.
    """
    batches = BatchRepository(session)
    case_hash = batches.case_of(job)
    if case_hash is None:
        return None, False
    warm_start = batches.warm_start(case_hash)
    return warm_start, warm_start is None


def keep_warm_start(
    session: Session, claim: Claim, found: WarmStartFound, clock: Clock
) -> None:
    """Store the warm start that a job reported, for the others of its batch."""
    batches = BatchRepository(session)
    case_hash = batches.case_of(followed(session, claim))
    if case_hash is not None:
        batches.keep_warm_start(case_hash, base64.b64decode(found.content), clock())
