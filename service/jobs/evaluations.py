"""Evaluation jobs, which simulate a plan: create one, store its answer."""

import base64
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from sqlmodel import Session

from models.evaluation import Evaluation, Fresh
from models.plan import Plan
from models.tables import Job, JobKind, JobState
from service.clock import Clock
from service.jobs.messages import Evaluated
from service.jobs.reuse import VERSION
from service.jobs.states import advance
from service.jobs.submission import (
    JobSpec,
    OrderTerms,
    add_job,
    earlier_job,
    fingerprint_of,
    job_fields,
)
from service.jobs.transitions import Claim, followed, log_answer
from service.store.evaluations import EvaluationRepository, StoredTable
from service.store.jobs import JobRepository
from service.store.objects import Objects
from service.store.plans import PlanRepository


@dataclass(frozen=True, slots=True)
class EvaluationOrder(OrderTerms):
    """An evaluation of a stored plan; without a seed one that the plan did not use.

    fresh has fields of Fresh by name.
    """

    plan_hash: str
    fresh: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class KeptEvaluation:
    """An evaluation whose tables are stored as objects, by name."""

    evaluation: Evaluation
    tables: Mapping[str, StoredTable]


def submit_evaluation(
    session: Session, order: EvaluationOrder, clock: Clock
) -> tuple[Job, bool]:
    """Queue a job; return it, and whether it is new; raise PlanNotFoundError.

    If the plan was simulated on these scenarios before, the new job has SUCCEEDED with
    that answer, unless the order is fresh. An earlier order under the same key returns
    its job.
    """
    plans = PlanRepository(session)
    stored = plans.held(order.plan_hash)
    plan = Plan.model_validate_json(plans.text(order.plan_hash))
    fresh = Fresh.model_validate({"seed": plan.provenance.seed + 1, **order.fresh})
    # Without the limits: they do not change the answer.
    fingerprint = fingerprint_of(
        [JobKind.EVALUATION, order.plan_hash, fresh.model_dump(mode="json")]
    )
    earlier = earlier_job(session, order, fingerprint)
    if earlier is not None:
        return earlier, False
    spec = JobSpec(
        stored.case_hash, stored.case_hash, fresh, order.limits, order.plan_hash
    )
    jobs = JobRepository(session)
    now = clock()
    known = None
    if not order.is_fresh:
        known = jobs.equally_ordered(
            JobKind.EVALUATION, stored.case_hash, fingerprint, with_=VERSION
        )
    fields = job_fields(spec, now, order.priority, known)
    return add_job(session, order, fingerprint, fields)


def keep_tables(objects: Objects, found: Evaluated) -> KeptEvaluation:
    """Store the tables of an evaluation, or raise StoreUnavailableError."""
    files = {x.name: base64.b64decode(x.content) for x in found.tables}
    tables = {
        name: StoredTable(sha256=objects.put(content), number_of_bytes=len(content))
        for name, content in files.items()
    }
    return KeptEvaluation(found.evaluation, tables)


def conclude_evaluation(
    session: Session, claim: Claim, kept: KeptEvaluation, clock: Clock
) -> None:
    """Write the answer, unless the job has been cancelled."""
    job = followed(session, claim)
    if job.state is not JobState.RUNNING:
        return
    now = clock()
    evaluations = EvaluationRepository(session)
    job.evaluation_hash = evaluations.put(kept.evaluation, kept.tables, at=now)
    job.solved_with = VERSION
    job.state = advance(job.state, JobState.SUCCEEDED)
    job.finished_at = now
    log_answer(session, job, job.evaluation_hash, now)
