"""Take an order of a job: which case, solved with which options, under which key."""

import hashlib
import json
import uuid
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from sqlmodel import Session

from models.instance import Instance
from models.reading import InvalidCaseError, read_instance
from models.tables import Job, JobState, Priority
from service.clock import Clock
from service.errors import IdempotencyKeyReusedError, MalformedOrderError
from service.store.cases import CaseRepository
from service.store.jobs import JobRepository


@dataclass(frozen=True, slots=True)
class Order:
    """What a client asks for: a stored case, and options that differ from its own."""

    case_hash: str
    overrides: Mapping[str, Any] = field(default_factory=dict[str, Any])
    idempotency_key: str | None = None
    priority: int = Priority.INTERACTIVE

    @property
    def fingerprint(self) -> str:
        """SHA-256 of what is asked for, however soon; the same for the same order."""
        text = json.dumps([self.case_hash, self.overrides], sort_keys=True)
        return hashlib.sha256(text.encode()).hexdigest()


def case_of(session: Session, order: Order) -> Instance:
    """Return the case with the options of the order, or raise what is wrong with it."""
    raw = json.loads(CaseRepository(session).text(order.case_hash))
    raw["options"] |= order.overrides
    try:
        return read_instance(raw)
    except InvalidCaseError as error:
        raise MalformedOrderError(error.mistakes) from None


def submit(
    session: Session, order: Order, case: Instance, clock: Clock
) -> tuple[Job, bool]:
    """Queue a job; return it, and whether it is new.

    An order that came before under the same key gives the job of that time.
    """
    jobs = JobRepository(session)
    if order.idempotency_key is not None:
        earlier = jobs.by_idempotency_key(order.idempotency_key)
        if earlier is not None:
            return _same(earlier, order), False
    now = clock()
    # The plan names the case that it solves: that one must be there to be read.
    CaseRepository(session).put(case, is_listed=False, at=now)
    job = Job(
        id=str(uuid.uuid4()),
        state=JobState.QUEUED,
        case_hash=order.case_hash,
        solved_case_hash=case.content_hash,
        options=case.options.model_dump(mode="json"),
        priority=order.priority,
        created_at=now,
        idempotency_key=order.idempotency_key,
        order_fingerprint=order.fingerprint,
    )
    stored = jobs.add(job)
    return _same(stored, order), stored is job


def _same(job: Job, order: Order) -> Job:
    if job.order_fingerprint != order.fingerprint:
        raise IdempotencyKeyReusedError
    return job
