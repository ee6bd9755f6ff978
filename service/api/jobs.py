"""Jobs: ask for a solve, see how far it is, give it up, get its plan."""

from typing import Any

from fastapi import APIRouter, Request, Response
from sqlmodel import Session

from models.tables import Job, JobKind, JobState
from service.api.answers import PASSING, After, Before, Limit, Page, document, link
from service.api.audit_log import RequestingAuthor
from service.api.bodies import JsonBody
from service.api.context import ServiceContext
from service.api.job_resource import (
    JobOrder,
    JobResource,
    ProgressResource,
    job_path,
    job_resource,
    progress_path,
    progress_resource,
)
from service.api.orders import (
    RETRY_AFTER_S,
    CacheControl,
    IdempotencyKey,
    check_key,
    read_order,
    take_back,
    take_in,
    tell_where,
    wants_fresh,
)
from service.api.problems import PROBLEM_RESPONSES
from service.errors import JobHasNoPlanError
from service.jobs.engine.names import Ticket
from service.jobs.states import is_finished
from service.jobs.submission import Order, case_of, submit
from service.jobs.transitions import cancel
from service.store.audit_log import AuditTrail
from service.store.jobs import JobRepository
from service.store.plans import PlanRepository
from service.store.progress import ProgressRepository

router = APIRouter(prefix="/jobs", tags=["jobs"], responses=PROBLEM_RESPONSES)

ORDER_BODY: dict[str, Any] = {
    "requestBody": {
        "required": True,
        "content": {"application/json": {"schema": JobOrder.model_json_schema()}},
    }
}


@router.post(
    "",
    status_code=202,
    openapi_extra=ORDER_BODY,
    responses={200: {"model": JobResource, "description": "Its answer is there."}},
)
def submit_job(
    raw: JsonBody,
    response: Response,
    context: ServiceContext,
    author: RequestingAuthor,
    idempotency_key: IdempotencyKey = None,
    cache_control: CacheControl = None,
) -> JobResource:
    """Queue a solve of a stored case, or answer with what is known of it already."""
    order = _order(raw, idempotency_key, is_fresh=wants_fresh(cache_control))
    with context.database.reading() as session:
        case = case_of(session, order)
    with context.database.transaction() as session:
        job, is_new = submit(session, order, case, context.clock)
        if is_new:
            take_in(session, context, author, job)
        resource = _resource(session, job)
    tell_where(response, resource)
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
    return Page(items=items, next=link("/jobs", query) if position else None)


@router.get("/{job_id}")
def get_job(job_id: str, response: Response, context: ServiceContext) -> JobResource:
    """Return where a job stands and, at its end, what came of it."""
    with context.database.reading() as session:
        resource = _resource(session, JobRepository(session).get(job_id))
    if not is_finished(resource.state):
        response.headers["Retry-After"] = RETRY_AFTER_S
    return resource


@router.get("/{job_id}/progress")
def list_progress(
    job_id: str, context: ServiceContext, limit: Limit = 100, after: After = 0
) -> Page[ProgressResource]:
    """List what the solve reported, in order."""
    with context.database.reading() as session:
        job = JobRepository(session).get(job_id)
        lines = ProgressRepository(session).page(job, after=after, limit=limit + 1)
        items = [progress_resource(line) for line in lines[:limit]]
    query = {"limit": limit, "after": items[-1].number if items else after}
    has_more = len(lines) > limit
    return Page(
        items=items, next=link(progress_path(job_id), query) if has_more else None
    )


@router.get("/{job_id}/plan", response_class=Response)
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


@router.get("/{job_id}/incumbent", response_class=Response)
def get_incumbent_of_job(
    job_id: str, request: Request, context: ServiceContext
) -> Response:
    """Return the best plan that the job has found so far, however it ends."""
    with context.database.reading() as session:
        job = JobRepository(session).get(job_id)
        if job.incumbent_hash is None:
            detail = f"Job {job_path(job_id)} is {job.state} and has no incumbent."
            raise JobHasNoPlanError(detail)
        text = PlanRepository(session).text(job.incumbent_hash)
        return document(request, text, job.incumbent_hash, PASSING)


@router.post("/{job_id}/cancel")
def cancel_job(
    job_id: str, context: ServiceContext, author: RequestingAuthor
) -> JobResource:
    """Give a job up and end its process; a job that finished before is a conflict."""
    with context.database.transaction() as session:
        was_open = not is_finished(JobRepository(session).held(job_id).state)
        job = cancel(session, job_id, context.clock)
        resource = _resource(session, job)
        if was_open:
            trail = AuditTrail(session, author, context.clock())
            trail.add("cancel", "job", job_id)
    take_back(context, [Ticket.of(job)])
    return resource


def _order(raw: object, idempotency_key: str | None, *, is_fresh: bool) -> Order:
    check_key(idempotency_key)
    order = read_order(JobOrder, raw)
    return Order(
        order.case,
        order.options,
        idempotency_key,
        priority=order.priority,
        is_fresh=is_fresh,
        limits=order,
    )


def _resource(session: Session, job: Job) -> JobResource:
    latest = ProgressRepository(session).latest([job])
    return job_resource(job, latest.get(job.sequence or 0))
