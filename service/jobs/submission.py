"""Take an order of a job: which case, solved with which options, under which key."""

import datetime as dt
import hashlib
import json
import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from sqlmodel import Session

from models.instance import Instance
from models.options import SolveOptions
from models.reading import InvalidCaseError, read_instance
from models.tables import Job, JobState, Priority
from service.clock import Clock
from service.errors import IdempotencyKeyReusedError, MalformedOrderError
from service.jobs.limits import UNLIMITED, Limits
from service.jobs.reuse import answer_of, answered, counts
from service.store.cases import CaseRepository
from service.store.jobs import JobRepository


@dataclass(frozen=True, slots=True)
class Order:
    """What a client asks for: a stored case, and options that differ from its own."""

    case_hash: str
    overrides: Mapping[str, Any] = field(default_factory=dict[str, Any])
    idempotency_key: str | None = None
    priority: int = Priority.INTERACTIVE
    is_fresh: bool = False  # to be solved, whatever is known
    limits: Limits = UNLIMITED

    @property
    def fingerprint(self) -> str:
        """SHA-256 of what is asked for, however soon; the same for the same order."""
        wanted = [self.case_hash, self.overrides, *self.limits.said()]
        text = json.dumps(wanted, sort_keys=True)
        return hashlib.sha256(text.encode()).hexdigest()


@dataclass(frozen=True, slots=True)
class JobSpec:
    """A stored case, the one that is solved for it, and the options of that."""

    case_hash: str
    solved_case_hash: str
    options: SolveOptions
    limits: Limits = UNLIMITED


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

    If the case was solved with these options before, it has that answer and SUCCEEDED,
    unless the order wants a fresh one. An order that came before under the same key
    gives the job of that time.
    """
    jobs = JobRepository(session)
    if order.idempotency_key is not None:
        earlier = jobs.by_idempotency_key(order.idempotency_key)
        if earlier is not None:
            return _same(earlier, order), False
    now = clock()
    cases = CaseRepository(session)
    cases.hold(order.case_hash)
    # The plan names the case that it solves: that one must be there to be read.
    cases.put(case, is_listed=False, at=now)
    spec = JobSpec(order.case_hash, case.content_hash, case.options, order.limits)
    (fields,) = _new_jobs(
        session, [spec], now, priority=order.priority, is_fresh=order.is_fresh
    )
    job = Job(
        **fields,
        idempotency_key=order.idempotency_key,
        order_fingerprint=order.fingerprint,
    )
    stored = jobs.add(job)
    return _same(stored, order), stored is job


def submit_all(
    session: Session,
    specs: Sequence[JobSpec],
    clock: Clock,
    *,
    priority: int = Priority.BATCH,
    is_fresh: bool = False,
) -> Sequence[int]:
    """Queue a job for each spec; their cases are stored. Return the jobs' places.

    Raises CaseNotFoundError if somebody has deleted one by now.
    """
    CaseRepository(session).hold_all(
        {x for spec in specs for x in (spec.case_hash, spec.solved_case_hash)}
    )
    jobs = _new_jobs(session, specs, clock(), priority=priority, is_fresh=is_fresh)
    return JobRepository(session).add_all(jobs)


def _new_jobs(
    session: Session,
    specs: Sequence[JobSpec],
    now: dt.datetime,
    *,
    priority: int,
    is_fresh: bool,
) -> list[dict[str, Any]]:
    """Return the fields of new jobs: to be solved, or with an answer that counts."""
    hashes = {spec.solved_case_hash for spec in specs}
    known = answered(session, set() if is_fresh else hashes)
    jobs: list[dict[str, Any]] = []
    for spec in specs:
        fields: dict[str, Any] = {
            "id": str(uuid.uuid4()),
            "state": JobState.QUEUED,
            "case_hash": spec.case_hash,
            "solved_case_hash": spec.solved_case_hash,
            "options": spec.options.model_dump(mode="json"),
            "priority": priority,
            "memory_limit_bytes": spec.limits.memory_limit_bytes,
            "number_of_threads": spec.limits.number_of_threads,
            "created_at": now,
        }
        earlier = known.get(spec.solved_case_hash)
        if earlier is not None and counts(earlier, spec.limits):
            fields |= answer_of(earlier, now)
        jobs.append(fields)
    return jobs


def _same(job: Job, order: Order) -> Job:
    if job.order_fingerprint != order.fingerprint:
        raise IdempotencyKeyReusedError
    return job
