"""Analysis jobs: create one, store its answer."""

import base64
import json
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

from sqlmodel import Session

from models.instance import Instance
from models.plan import Plan
from models.reading import read_stored_instance
from models.tables import Job, JobKind, JobState
from service.analyses.parameters import (
    AnalysisParameters,
    CaseParameters,
    ComparePlansParameters,
    PlanParameters,
)
from service.analyses.planned_case import ComparedCase, PlannedCase
from service.analyses.registry import Analysis, Subject
from service.clock import Clock
from service.errors import MalformedOrderError
from service.jobs.messages import Analysed
from service.jobs.portions import divide
from service.jobs.reuse import VERSION
from service.jobs.states import advance
from service.jobs.submission import (
    JobSpec,
    OrderTerms,
    OwnOrder,
    add_job,
    earlier_job,
    fingerprint_of,
    job_fields,
)
from service.jobs.transitions import Claim, followed, log_answer
from service.store.analyses import AnalysisRepository, AnalysisSubject, StoredFile
from service.store.cases import CaseRepository
from service.store.jobs import JobRepository
from service.store.objects import Objects
from service.store.plans import PlanRepository
from service.store.portions import PortionRepository


@dataclass(frozen=True, slots=True)
class AnalysisOrder(OrderTerms):
    """An analysis of a stored case or plan, by its hash.

    own: if a planner of a participant orders it.
    """

    analysis: Analysis
    parameters: AnalysisParameters
    subject_hash: str
    own: OwnOrder | None = None


@dataclass(frozen=True, slots=True)
class KeptAnalysis:
    """The answer of an analysis whose files are stored as objects, by name."""

    answer: Mapping[str, Any]
    files: Mapping[str, StoredFile]


def completed_analysis(session: Session, order: AnalysisOrder) -> AnalysisOrder:
    """Return an order with the defaults that depend on its case or plan.

    Raises CaseNotFoundError or PlanNotFoundError, and MalformedOrderError if the
    parameters do not go with it.
    """
    return completed_with(order, _subject(session, order))


def completed_with(
    order: AnalysisOrder, subject: Instance | PlannedCase
) -> AnalysisOrder:
    """Return the same for an order whose case or plan is at hand.

    Raises MalformedOrderError.
    """
    parameters = order.parameters
    if isinstance(parameters, PlanParameters) and isinstance(subject, PlannedCase):
        mistakes = list(parameters.mistakes(subject))
        completed = parameters.completed(subject)
    else:
        assert isinstance(parameters, CaseParameters)  # noqa: S101 - as registered
        assert isinstance(subject, Instance)  # noqa: S101 - as registered
        mistakes = list(parameters.mistakes(subject))
        completed = parameters.completed(subject)
    if mistakes:
        raise MalformedOrderError(mistakes)
    return replace(order, parameters=completed)


def submit_analysis(
    session: Session, order: AnalysisOrder, clock: Clock
) -> tuple[Job, bool]:
    """Queue a job for a completed order; return it, and whether it is new.

    If the same analysis was made before, the new job has SUCCEEDED with that answer,
    unless the order is fresh. One whose answer has parts may have portions. An earlier
    order under the same key returns its job.
    Raises CaseNotFoundError or PlanNotFoundError.
    """
    name, plan_hash = order.analysis.name, None
    if order.analysis.subject is Subject.PLAN:
        plan_hash = order.subject_hash
        case_hash = PlanRepository(session).held(plan_hash).case_hash
    else:
        case_hash = order.subject_hash
        CaseRepository(session).hold(case_hash)
    fingerprint = fingerprint_of_analysis(order)
    earlier = earlier_job(session, order, fingerprint)
    if earlier is not None:
        return earlier, False
    known = None
    if not order.is_fresh:
        known = JobRepository(session).equally_ordered(
            JobKind.ANALYSIS, case_hash, fingerprint, with_=VERSION
        )
    spec = JobSpec(
        case_hash,
        case_hash,
        order.parameters,
        order.limits,
        evaluated_plan_hash=plan_hash,
        compared_plan_hash=_compared_with(session, order),
        analysis=name,
        own=order.own,
    )
    now, parts = clock(), order.parameters.number_of_parts
    fields = job_fields(spec, now, order.priority, known)
    job, is_new = add_job(session, order, fingerprint, fields)
    if is_new and job.state is JobState.QUEUED:
        divide(session, job, spec, parts, now, is_fresh=order.is_fresh)
    return job, is_new


def fingerprint_of_analysis(order: AnalysisOrder) -> str:
    """Return the fingerprint that jobs of a completed order have."""
    # Without the limits: they do not change the answer.
    parameters = order.parameters.model_dump(mode="json")
    ordered = [order.analysis.name, order.subject_hash, parameters]
    if order.own is not None:
        # Whether somebody else knows the answer, or another plan has it, tells nobody.
        ordered += [order.own.participant, order.own.publication_id]
    return fingerprint_of([JobKind.ANALYSIS, *ordered])


def _compared_with(session: Session, order: AnalysisOrder) -> str | None:
    """Return the plan that an order compares with, which stays as long as the job."""
    if not isinstance(order.parameters, ComparePlansParameters):
        return None
    against = order.parameters.against
    PlanRepository(session).held(against)
    return against


def keep_files(objects: Objects, found: Analysed) -> KeptAnalysis:
    """Store the files of an analysis, or raise StoreUnavailableError."""
    files: dict[str, StoredFile] = {}
    for file in found.files:
        content = base64.b64decode(file.content)
        files[file.name] = StoredFile(
            sha256=objects.put(content),
            number_of_bytes=len(content),
            media_type=file.media_type,
        )
    return KeptAnalysis(found.answer, files)


def conclude_analysis(
    session: Session, claim: Claim, kept: KeptAnalysis, clock: Clock
) -> None:
    """Write the answer, unless the job has been cancelled."""
    job = followed(session, claim)
    if job.state is not JobState.RUNNING:
        return
    now = clock()
    subject = AnalysisSubject(
        job.analysis or "", job.solved_case_hash, job.evaluated_plan_hash
    )
    analyses = AnalysisRepository(session)
    job.analysis_hash = analyses.put(subject, kept.answer, kept.files, at=now)
    PortionRepository(session).forget(job)
    job.solved_with = VERSION
    job.state = advance(job.state, JobState.SUCCEEDED)
    job.finished_at = now
    log_answer(session, job, job.analysis_hash, now)


def _subject(session: Session, order: AnalysisOrder) -> Instance | PlannedCase:
    cases = CaseRepository(session)
    if order.analysis.subject is Subject.CASE:
        return read_stored_instance(json.loads(cases.text(order.subject_hash)))
    planned = _planned(session, order.subject_hash)
    if not isinstance(order.parameters, ComparePlansParameters):
        return planned
    against = _planned(session, order.parameters.against)
    return ComparedCase(planned.instance, planned.plan, against)


def _planned(session: Session, plan_hash: str) -> PlannedCase:
    plans = PlanRepository(session)
    case = CaseRepository(session).text(plans.case_hash(plan_hash))
    plan = Plan.model_validate_json(plans.text(plan_hash))
    return PlannedCase(read_stored_instance(json.loads(case)), plan)
