"""Jobs: order a solve, follow its progress, cancel it, get its plan."""

import json
from dataclasses import dataclass
from functools import partial
from typing import Annotated, Any

from fastapi import APIRouter, Depends, Query, Request, Response
from pydantic import ConfigDict, Field

from models.content import canonical_json
from models.plan import Plan
from models.tables import JobKind, JobState, Priority
from service.api.answers import (
    After,
    Limit,
    Page,
    document,
    document_answer,
    link,
    model_schema,
    order_answers,
    page_with_link,
    tagged_answer,
)
from service.api.bodies import JsonBody
from service.api.context import Context, ServiceContext
from service.api.cursors import Listed, OfCase
from service.api.entity_tags import (
    PASSING,
    IfMatch,
    IfNoneMatch,
)
from service.api.following import cancelled, current
from service.api.formats import format_responses, formatted
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
    JobOrderHeaders,
    OrderedPriority,
    OrderHeaders,
    accept,
    answered,
    described_body,
    read_order,
    shipped_case,
)
from service.api.paths import VERSION
from service.api.plans import plan_document
from service.api.problem_types import problems
from service.api.waiting import PreferredWait
from service.api.wanted_format import RequestedFormat
from service.errors import (
    CaseNotFoundError,
    IllegalTransitionError,
    JobHasNoPlanError,
    JobNotFoundError,
    PreconditionFailedError,
)
from service.jobs.limits import Limits
from service.jobs.submission import SolveOrder, case_of, submit, with_options
from service.store.audit_log import Author
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


@dataclass(frozen=True, slots=True)
class JobFilter:
    """Which jobs are wanted; None: all."""

    state: JobState | None = None
    kind: JobKind | None = None
    case: OfCase = None
    portion_of: Annotated[
        str | None, Query(description="Id of the analysis whose portions to list.")
    ] = None


@router.post(
    "",
    status_code=202,
    openapi_extra=described_body(JobOrder),
    responses=order_answers(JobResource) | problems(CaseNotFoundError),
)
async def submit_job(
    raw: JsonBody,
    response: Response,
    context: ServiceContext,
    author: RequestingAuthor,
    headers: JobOrderHeaders,
) -> JobResource:
    """Queue a solve of a case, or answer with a known solution."""
    body = read_order(JobOrder, raw)
    submit = partial(ordered_job, context, author, body, headers)
    return await answered(context, response, headers.wait_s, submit)


def ordered_job(
    context: Context, author: Author, body: JobOrder, headers: OrderHeaders
) -> JobResource:
    """Queue a solve unless its answer is known; return the job.

    Raises CaseNotFoundError, or MalformedOrderError for options with mistakes.
    """
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
        return accept(session, context, author, job, is_new=is_new)


@router.get("")
def list_jobs(
    context: ServiceContext,
    response: Response,
    listed: Listed,
    wanted: Annotated[JobFilter, Depends()],
) -> Page[JobResource]:
    """List the jobs, latest first unless sorted otherwise."""
    with context.database.reading() as session:
        found = JobRepository(session).page(
            listed.part,
            state=wanted.state,
            kind=wanted.kind,
            case_hash=wanted.case,
            portion_of=wanted.portion_of,
        )
        jobs = listed.shown(found)
        latest = ProgressRepository(session).latest(jobs)
        items = [job_resource(job, latest.get(job.sequence or 0)) for job in jobs]
        position = listed.following([x.sequence for x in found])
    return listed.page(response, items, position)


@router.get(
    "/{job_id}",
    response_model=JobResource,
    responses=tagged_answer(JobResource) | problems(JobNotFoundError),
)
async def get_job(
    job_id: str,
    response: Response,
    context: ServiceContext,
    wait_s: PreferredWait,
    if_none_match: IfNoneMatch = None,
) -> JobResource | Response:
    """Return the state of a job and, once it has ended, its result.

    With `Prefer: wait=N` it waits for the end; with If-None-Match also, for a change.
    """

    def read() -> JobResource:
        with context.database.reading() as session:
            return current_resource(session, JobRepository(session).get(job_id))

    return await current(context.watch, response, read, wait_s, if_none_match)


@router.get("/{job_id}/progress", responses=problems(JobNotFoundError))
def list_progress(
    job_id: str,
    response: Response,
    context: ServiceContext,
    limit: Limit = 100,
    after: After = 0,
) -> Page[ProgressResource]:
    """List the progress of the solve, in order."""
    with context.database.reading() as session:
        job = JobRepository(session).get(job_id)
        lines = ProgressRepository(session).page(job, after=after, limit=limit + 1)
        items = [progress_resource(line) for line in lines[:limit]]
    query = {"limit": limit, "after": items[-1].number if items else after}
    has_more = len(lines) > limit
    following = link(progress_path(job_id), query) if has_more else None
    return page_with_link(response, items, following)


@router.get(
    "/{job_id}/plan",
    response_class=Response,
    responses=format_responses(model_schema(Plan), JobNotFoundError, JobHasNoPlanError),
)
def get_plan_of_job(
    job_id: str,
    request: Request,
    context: ServiceContext,
    wanted: RequestedFormat,
) -> Response:
    """Return the plan that the job found, or its tables as files."""
    with context.database.reading() as session:
        job = JobRepository(session).get(job_id)
        if job.plan_hash is None:
            ending = f", termination {job.termination}" if job.termination else ""
            detail = f"Job {job_path(job_id)} is {job.state}{ending}."
            raise JobHasNoPlanError(detail)
        text = PlanRepository(session).text(job.plan_hash)
    return formatted(request, plan_document(job.plan_hash, text), wanted)


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
    responses=problems(
        JobNotFoundError, IllegalTransitionError, PreconditionFailedError
    ),
)
def cancel_job(
    job_id: str,
    context: ServiceContext,
    author: RequestingAuthor,
    if_match: IfMatch = None,
) -> JobResource:
    """Cancel a job and end its process; 409 if the job has ended."""
    return cancelled(context, author, job_id, if_match, current_resource)
