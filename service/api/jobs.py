"""Jobs: order a solve, follow its progress, cancel it, get its plan."""

import json
from typing import Any

from fastapi import APIRouter, Request, Response
from pydantic import ConfigDict, Field

from models.content import canonical_json
from models.plan import Plan
from models.tables import JobKind, JobState, Priority
from service.api.answers import (
    PASSING,
    After,
    Before,
    Limit,
    Page,
    document,
    document_answer,
    known_answer,
    link,
)
from service.api.bodies import JsonBody
from service.api.context import ServiceContext
from service.api.identity import RequestingAuthor
from service.api.job_resource import (
    JobResource,
    ProgressResource,
    current_resource,
    job_path,
    job_resource,
    progress_path,
    progress_resource,
)
from service.api.orders import (
    RETRY_AFTER_S,
    OrderedPriority,
    RequestedHeaders,
    accept,
    described_body,
    read_order,
    set_headers,
    shipped_case,
    withdraw,
)
from service.api.paths import VERSION, versioned
from service.api.problem_types import problems
from service.errors import (
    CaseNotFoundError,
    IllegalTransitionError,
    JobHasNoPlanError,
    JobNotFoundError,
)
from service.jobs.engine.names import Ticket
from service.jobs.limits import Limits
from service.jobs.states import is_finished
from service.jobs.submission import SolveOrder, case_of, submit, with_options
from service.jobs.transitions import cancel
from service.store.audit_log import AuditTrail
from service.store.cases import CaseRepository
from service.store.jobs import JobRepository
from service.store.plans import PlanRepository
from service.store.progress import ProgressRepository

router = APIRouter(prefix=f"{VERSION}/jobs", tags=["jobs"])


class JobOrder(Limits):
    """A solve to order: a case, and options that differ from its own."""

    model_config = ConfigDict(extra="forbid", strict=True)

    case: str = Field(
        description="Hash of a stored case, or name of a shipped one or of a variant "
        "of it."
    )
    options: dict[str, Any] = Field(
        default_factory=dict, description="SolveOptions to use instead of the case's."
    )
    priority: OrderedPriority = Priority.INTERACTIVE


@router.post(
    "",
    status_code=202,
    openapi_extra=described_body(JobOrder),
    responses=known_answer(JobResource) | problems(CaseNotFoundError),
)
def submit_job(
    raw: JsonBody,
    response: Response,
    context: ServiceContext,
    author: RequestingAuthor,
    headers: RequestedHeaders,
) -> JobResource:
    """Queue a solve of a case, or answer with a known solution."""
    body = read_order(JobOrder, raw)
    shipped = shipped_case(body.case)
    order = SolveOrder(
        body.case if shipped is None else shipped.content_hash,
        body.options,
        idempotency_key=headers.idempotency_key,
        priority=body.priority,
        is_fresh=headers.is_fresh,
        limits=body,
    )
    if shipped is None:
        with context.database.reading() as session:
            case = case_of(session, order)
    else:
        case = with_options(json.loads(canonical_json(shipped)), body.options)
    with context.database.transaction() as session:
        if shipped is not None:
            now = context.clock()
            CaseRepository(session).put(shipped, is_listed=False, at=now)
        job, is_new = submit(session, order, case, context.clock)
        resource = accept(session, context, author, job, is_new=is_new)
    set_headers(response, resource)
    return resource


@router.get("")
def list_jobs(
    context: ServiceContext,
    state: JobState | None = None,
    kind: JobKind | None = None,
    limit: Limit = 50,
    before: Before = None,
) -> Page[JobResource]:
    """List the jobs, latest first."""
    with context.database.reading() as session:
        found = JobRepository(session).page(
            state=state, kind=kind, before=before, limit=limit + 1
        )
        jobs = found[:limit]
        latest = ProgressRepository(session).latest(jobs)
        items = [job_resource(job, latest.get(job.sequence or 0)) for job in jobs]
        position = found[limit - 1].sequence if len(found) > limit else None
    query = {"state": state, "kind": kind, "limit": limit, "before": position}
    return Page(items=items, next=link(versioned("/jobs"), query) if position else None)


@router.get("/{job_id}", responses=problems(JobNotFoundError))
def get_job(job_id: str, response: Response, context: ServiceContext) -> JobResource:
    """Return the state of a job and, once it has ended, its result."""
    with context.database.reading() as session:
        resource = current_resource(session, JobRepository(session).get(job_id))
    if not is_finished(resource.state):
        response.headers["Retry-After"] = RETRY_AFTER_S
    return resource


@router.get("/{job_id}/progress", responses=problems(JobNotFoundError))
def list_progress(
    job_id: str, context: ServiceContext, limit: Limit = 100, after: After = 0
) -> Page[ProgressResource]:
    """List the progress of the solve, in order."""
    with context.database.reading() as session:
        job = JobRepository(session).get(job_id)
        lines = ProgressRepository(session).page(job, after=after, limit=limit + 1)
        items = [progress_resource(line) for line in lines[:limit]]
    query = {"limit": limit, "after": items[-1].number if items else after}
    has_more = len(lines) > limit
    return Page(
        items=items, next=link(progress_path(job_id), query) if has_more else None
    )


@router.get(
    "/{job_id}/plan",
    response_class=Response,
    responses=document_answer(Plan) | problems(JobNotFoundError, JobHasNoPlanError),
)
def get_plan_of_job(job_id: str, request: Request, context: ServiceContext) -> Response:
    """Return the plan that the job found."""
    with context.database.reading() as session:
        job = JobRepository(session).get(job_id)
        if job.plan_hash is None:
            ending = f", termination {job.termination}" if job.termination else ""
            detail = f"Job {job_path(job_id)} is {job.state}{ending}."
            raise JobHasNoPlanError(detail)
        text = PlanRepository(session).text(job.plan_hash)
        return document(request, text, job.plan_hash)


@router.get(
    "/{job_id}/incumbent",
    response_class=Response,
    responses=document_answer(Plan) | problems(JobNotFoundError, JobHasNoPlanError),
)
def get_incumbent_of_job(
    job_id: str, request: Request, context: ServiceContext
) -> Response:
    """Return the best plan that the job has found so far, also after it ended."""
    with context.database.reading() as session:
        job = JobRepository(session).get(job_id)
        if job.incumbent_hash is None:
            detail = f"Job {job_path(job_id)} is {job.state} and has no incumbent."
            raise JobHasNoPlanError(detail)
        text = PlanRepository(session).text(job.incumbent_hash)
        return document(request, text, job.incumbent_hash, PASSING)


@router.post(
    "/{job_id}/cancel",
    responses=problems(JobNotFoundError, IllegalTransitionError),
)
def cancel_job(
    job_id: str, context: ServiceContext, author: RequestingAuthor
) -> JobResource:
    """Cancel a job and end its process; 409 if the job has ended."""
    with context.database.transaction() as session:
        was_open = not is_finished(JobRepository(session).held(job_id).state)
        job = cancel(session, job_id, context.clock)
        resource = current_resource(session, job)
        if was_open:
            trail = AuditTrail(session, author, context.clock())
            trail.add("cancel", "job", job_id)
    withdraw(context, [Ticket.of(job)])
    return resource
