"""Jobs that follow a plan: how one is ordered, and how its answer is stored."""

import base64
import hashlib
import json
import uuid
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from sqlmodel import Session

from models.evaluation import Evaluation, Fresh
from models.plan import Plan
from models.tables import Job, JobKind, JobState, Priority
from service.clock import Clock
from service.errors import IdempotencyKeyReusedError
from service.jobs.limits import UNLIMITED, Limits
from service.jobs.messages import Evaluated
from service.jobs.reuse import VERSION, answer_of
from service.jobs.states import advance
from service.jobs.transitions import Claim, followed
from service.store.evaluations import EvaluationRepository, StoredTable
from service.store.jobs import JobRepository
from service.store.objects import Objects
from service.store.plans import PlanRepository


@dataclass(frozen=True, slots=True)
class EvaluationOrder:
    """What a client asks for: a stored plan, and scenarios that are not its own."""

    plan_hash: str
    number_of_scenarios: int
    seed: int | None = None  # None: one that the plan was not made with
    idempotency_key: str | None = None
    priority: int = Priority.INTERACTIVE
    is_fresh: bool = False  # to be followed, whatever is known
    limits: Limits = UNLIMITED


@dataclass(frozen=True, slots=True)
class KeptEvaluation:
    """An evaluation whose tables are stored as objects, by name."""

    evaluation: Evaluation
    tables: Mapping[str, StoredTable]


def submit_evaluation(
    session: Session, order: EvaluationOrder, clock: Clock
) -> tuple[Job, bool]:
    """Queue a job; return it, and whether it is new; raise PlanNotFoundError.

    If the plan was followed through these scenarios before, it has that answer and
    SUCCEEDED, unless the order wants a fresh one. An order that came before under the
    same key gives the job of that time.
    """
    jobs, plans = JobRepository(session), PlanRepository(session)
    stored = plans.held(order.plan_hash)
    plan = Plan.model_validate_json(plans.text(order.plan_hash))
    seed = plan.provenance.seed + 1 if order.seed is None else order.seed
    fresh = Fresh(number_of_scenarios=order.number_of_scenarios, seed=seed)
    fingerprint = _fingerprint(order.plan_hash, fresh)
    if order.idempotency_key is not None:
        earlier = jobs.by_idempotency_key(order.idempotency_key)
        if earlier is not None:
            return _same(earlier, fingerprint, order.limits), False
    now = clock()
    fields: dict[str, Any] = {
        "id": str(uuid.uuid4()),
        "kind": JobKind.EVALUATION,
        "state": JobState.QUEUED,
        "case_hash": stored.case_hash,
        "solved_case_hash": stored.case_hash,
        "evaluated_plan_hash": order.plan_hash,
        "options": fresh.model_dump(mode="json"),
        "priority": order.priority,
        "memory_limit_bytes": order.limits.memory_limit_bytes,
        "number_of_threads": order.limits.number_of_threads,
        "created_at": now,
        "idempotency_key": order.idempotency_key,
        "order_fingerprint": fingerprint,
    }
    if not order.is_fresh:
        known = jobs.evaluated(order.plan_hash, fingerprint, with_=VERSION)
        if known is not None:
            fields |= answer_of(known, now)
    job = Job(**fields)
    added = jobs.add(job)
    return _same(added, fingerprint, order.limits), added is job


def keep_tables(objects: Objects, found: Evaluated) -> KeptEvaluation:
    """Store the tables of an evaluation; raise StoreUnavailableError."""
    files = {x.name: base64.b64decode(x.content) for x in found.tables}
    tables = {
        name: StoredTable(sha256=objects.put(content), number_of_bytes=len(content))
        for name, content in files.items()
    }
    return KeptEvaluation(found.evaluation, tables)


def conclude_evaluation(
    session: Session, claim: Claim, kept: KeptEvaluation, clock: Clock
) -> None:
    """Write the answer; of a job that was cancelled meanwhile, nothing."""
    job = followed(session, claim)
    if job.state is not JobState.RUNNING:
        return
    now = clock()
    evaluations = EvaluationRepository(session)
    job.evaluation_hash = evaluations.put(kept.evaluation, kept.tables, at=now)
    job.solved_with = VERSION
    job.state = advance(job.state, JobState.SUCCEEDED)
    job.finished_at = now


def _fingerprint(plan_hash: str, fresh: Fresh) -> str:
    """SHA-256 of what is asked for, however soon; the same for the same order."""
    wanted = [JobKind.EVALUATION, plan_hash, fresh.model_dump(mode="json")]
    return hashlib.sha256(json.dumps(wanted, sort_keys=True).encode()).hexdigest()


def _same(job: Job, fingerprint: str, limits: Limits) -> Job:
    # What is known answers whatever the limits: they are no part of the fingerprint.
    is_limited_so = Limits.of(job).said() == limits.said()
    if job.order_fingerprint != fingerprint or not is_limited_so:
        raise IdempotencyKeyReusedError
    return job
