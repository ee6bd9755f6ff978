"""Create jobs: an order becomes a queued job, or one with an answer that is known."""

import datetime as dt
import hashlib
import json
import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from sqlmodel import Session

from models.case_warnings import warnings_of
from models.evaluation import Fresh
from models.instance import Instance
from models.options import SolveOptions
from models.reading import InvalidCaseError, read_instance
from models.tables import Job, JobKind, JobState, Priority
from service.analyses.parameters import AnalysisParameters
from service.clock import Clock
from service.errors import IdempotencyKeyReusedError, MalformedOrderError
from service.jobs.limits import UNLIMITED, Limits
from service.jobs.reuse import answer_of, answered, counts
from service.store.cases import CaseRepository
from service.store.jobs import JobRepository


@dataclass(frozen=True, slots=True, kw_only=True)
class OrderTerms:
    """How a job is ordered, whichever kind it is.

    is_fresh: the answer of an earlier job does not count.
    """

    idempotency_key: str | None = None
    priority: int = Priority.INTERACTIVE
    is_fresh: bool = False
    limits: Limits = UNLIMITED


@dataclass(frozen=True, slots=True)
class SolveOrder(OrderTerms):
    """A solve of a stored case, with options that differ from the case's own."""

    case_hash: str
    overrides: Mapping[str, Any] = field(default_factory=dict[str, Any])

    @property
    def fingerprint(self) -> str:
        """SHA-256 of what is ordered; priority and key are no part of it."""
        return fingerprint_of(
            [self.case_hash, self.overrides, *self.limits.for_fingerprint()]
        )


@dataclass(frozen=True, slots=True)
class OwnOrder:
    """Whose planner orders a job, and the publication that it is about."""

    participant: str
    publication_id: str


@dataclass(frozen=True, slots=True)
class JobSpec:
    """A job to create. case_hash is the case that was ordered.

    solved_case_hash is the same case with the options of the job. An evaluation names
    a plan, an analysis its name and, if it is of a plan, that plan and the one that it
    compares with. own: if a planner of a participant orders it. A portion names its
    analysis, a job, and its parts.
    """

    case_hash: str
    solved_case_hash: str
    options: SolveOptions | Fresh | AnalysisParameters
    limits: Limits = UNLIMITED
    evaluated_plan_hash: str | None = None
    compared_plan_hash: str | None = None
    warnings: Sequence[str] = ()
    analysis: str | None = None
    own: OwnOrder | None = None
    portion_of: str | None = None
    parts: Sequence[int] | None = None

    @property
    def kind(self) -> JobKind:
        """What the job computes."""
        if self.portion_of is not None:
            return JobKind.PORTION
        if self.analysis is not None:
            return JobKind.ANALYSIS
        is_solve = self.evaluated_plan_hash is None
        return JobKind.SOLVE if is_solve else JobKind.EVALUATION


def case_of(session: Session, order: SolveOrder) -> Instance:
    """Return the case with the options of the order.

    Raises CaseNotFoundError, or MalformedOrderError if the options have mistakes.
    """
    text = CaseRepository(session).text(order.case_hash)
    return with_options(json.loads(text), order.overrides)


def with_options(content: Mapping[str, Any], overrides: Mapping[str, Any]) -> Instance:
    """Return the case of a canonical content with other options.

    Raises MalformedOrderError if they have mistakes.
    """
    options = {**content["options"], **overrides}
    try:
        return read_instance({**content, "options": options})
    except InvalidCaseError as error:
        raise MalformedOrderError(error.mistakes) from None


def submit(
    session: Session, order: SolveOrder, case: Instance, clock: Clock
) -> tuple[Job, bool]:
    """Queue a job; return it, and whether it is new.

    If the case was solved with these options before, the new job has SUCCEEDED with
    that answer, unless the order is fresh. An earlier order under the same key returns
    its job.
    """
    earlier = earlier_job(session, order, order.fingerprint)
    if earlier is not None:
        return earlier, False
    now = clock()
    cases = CaseRepository(session)
    cases.hold(order.case_hash)
    # The plan names the case that it solves, so that case must be stored.
    cases.put(case, is_listed=False, at=now)
    warnings = [str(warning) for warning in warnings_of(case)]
    spec = JobSpec(
        order.case_hash,
        case.content_hash,
        case.options,
        order.limits,
        warnings=warnings,
    )
    known = answered(session, () if order.is_fresh else (spec.solved_case_hash,))
    fields = job_fields(spec, now, order.priority, known.get(spec.solved_case_hash))
    return add_job(session, order, order.fingerprint, fields)


def submit_all(
    session: Session,
    specs: Sequence[JobSpec],
    clock: Clock,
    *,
    priority: int = Priority.BATCH,
    is_fresh: bool = False,
) -> Sequence[int]:
    """Queue solves of stored cases; return the places of the jobs.

    Raises CaseNotFoundError if a case has been deleted.
    """
    CaseRepository(session).hold_all(
        {x for spec in specs for x in (spec.case_hash, spec.solved_case_hash)}
    )
    now = clock()
    hashes = {spec.solved_case_hash for spec in specs}
    known = answered(session, () if is_fresh else hashes)
    return JobRepository(session).add_all(
        [job_fields(x, now, priority, known.get(x.solved_case_hash)) for x in specs]
    )


def fingerprint_of(ordered: Sequence[object]) -> str:
    """Return the SHA-256 of what is ordered, as JSON."""
    return hashlib.sha256(json.dumps(ordered, sort_keys=True).encode()).hexdigest()


def earlier_job(session: Session, order: OrderTerms, fingerprint: str) -> Job | None:
    """Return the job that was ordered under the same key, if there is one.

    Raises IdempotencyKeyReusedError if that was another order.
    """
    if order.idempotency_key is None:
        return None
    earlier = JobRepository(session).by_idempotency_key(order.idempotency_key)
    return None if earlier is None else _same(earlier, order, fingerprint)


def job_fields(
    spec: JobSpec, now: dt.datetime, priority: int, earlier: Job | None
) -> dict[str, Any]:
    """Return the fields of a new job: QUEUED, or with the answer of an earlier one."""
    fields: dict[str, Any] = {
        "id": str(uuid.uuid4()),
        "kind": spec.kind,
        "state": JobState.QUEUED,
        "case_hash": spec.case_hash,
        "solved_case_hash": spec.solved_case_hash,
        "evaluated_plan_hash": spec.evaluated_plan_hash,
        "compared_plan_hash": spec.compared_plan_hash,
        "analysis": spec.analysis,
        "portion_of": spec.portion_of,
        "parts": None if spec.parts is None else list(spec.parts),
        "participant": None if spec.own is None else spec.own.participant,
        "publication_id": None if spec.own is None else spec.own.publication_id,
        "options": spec.options.model_dump(mode="json"),
        "priority": priority,
        "memory_limit_bytes": spec.limits.memory_limit_bytes,
        "number_of_threads": spec.limits.number_of_threads,
        "created_at": now,
        "warnings": list(spec.warnings),
    }
    if earlier is not None and counts(earlier, spec.limits):
        fields |= answer_of(earlier, now)
        # It is the same case: what is new there is about the plan.
        known = [*spec.warnings, *(earlier.warnings or ())]
        fields["warnings"] = list(dict.fromkeys(known))
    return fields


def add_job(
    session: Session, order: OrderTerms, fingerprint: str, fields: Mapping[str, Any]
) -> tuple[Job, bool]:
    """Store a new job; return it, and whether it is new.

    It is not if another transaction has just stored one under the same key.
    """
    job = Job(
        **fields,
        idempotency_key=order.idempotency_key,
        order_fingerprint=fingerprint,
    )
    stored = JobRepository(session).add(job)
    return _same(stored, order, fingerprint), stored is job


def _same(job: Job, order: OrderTerms, fingerprint: str) -> Job:
    # The fingerprint of an evaluation or analysis leaves the limits out.
    has_same_limits = Limits.of(job).for_fingerprint() == order.limits.for_fingerprint()
    if job.order_fingerprint != fingerprint or not has_same_limits:
        raise IdempotencyKeyReusedError
    return job
