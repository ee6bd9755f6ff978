"""What solves of one batch learn from each other, from process to process.

The first that ends with something to teach, teaches all that begin after it; what of it
is valid for their cases they see themselves.
"""

import base64

from sqlmodel import Session

from models.tables import Job
from service.clock import Clock
from service.jobs.child import Lesson
from service.jobs.messages import Learned
from service.jobs.queue import Claim, followed
from service.store.batches import BatchRepository


def lesson_for(session: Session, job: Job) -> Lesson | None:
    """Return what a job begins with; None if it is in no batch."""
    batches = BatchRepository(session)
    case_hash = batches.case_of(job)
    return None if case_hash is None else Lesson(batches.lesson(case_hash))


def keep_lesson(session: Session, claim: Claim, learned: Learned, clock: Clock) -> None:
    """Store what a job has learned for the others of its batch."""
    batches = BatchRepository(session)
    case_hash = batches.case_of(followed(session, claim))
    if case_hash is not None:
        batches.keep_lesson(case_hash, base64.b64decode(learned.content), clock())
