"""The jobs that planners of a participant have ordered, and their answers."""

import hashlib

from fastapi import APIRouter, Request, Response

from models.tables import JobState
from service.analyses.registry import ANALYSES
from service.api.analyses import kind_of
from service.api.answers import After, Limit, Page, link, page_with_link, tagged_answer
from service.api.context import ServiceContext
from service.api.cursors import Listed
from service.api.entity_tags import IfMatch, IfNoneMatch
from service.api.following import cancelled, current
from service.api.formats import StoredDocument, format_responses, formatted
from service.api.identity import requesting_author, requesting_reader
from service.api.own_resource import (
    OwnJobResource,
    OwnProgressResource,
    own_job,
    own_job_in,
    own_job_path,
    own_progress,
)
from service.api.paths import VERSION
from service.api.problem_types import problems
from service.api.waiting import PreferredWait
from service.api.wanted_format import RequestedFormat
from service.errors import (
    IllegalTransitionError,
    JobHasNoAnswerError,
    JobNotFoundError,
    PreconditionFailedError,
)
from service.store.analyses import AnalysisRepository
from service.store.jobs import JobRepository
from service.store.progress import ProgressRepository

router = APIRouter(prefix=f"{VERSION}/own/jobs", tags=["own"])


@router.get("")
def list_own_jobs(
    context: ServiceContext,
    response: Response,
    listed: Listed,
    state: JobState | None = None,
) -> Page[OwnJobResource]:
    """List what planners of the participant ordered, latest first or as sorted."""
    with context.database.reading() as session:
        found = JobRepository(session).page(listed.part, state=state)
        items = [own_job(x) for x in listed.shown(found)]
        position = listed.following([x.sequence for x in found])
    return listed.page(response, items, position)


@router.get(
    "/{job_id}",
    response_model=OwnJobResource,
    responses=tagged_answer(OwnJobResource) | problems(JobNotFoundError),
)
async def get_own_job(
    job_id: str,
    response: Response,
    context: ServiceContext,
    wait_s: PreferredWait,
    if_none_match: IfNoneMatch = None,
) -> OwnJobResource | Response:
    """Return the state of a job.

    With `Prefer: wait=N` it waits for the end; with If-None-Match also, for a change.
    """

    def read() -> OwnJobResource:
        with context.database.reading() as session:
            return own_job(JobRepository(session).get(job_id))

    return await current(context.watch, response, read, wait_s, if_none_match)


@router.get("/{job_id}/progress", responses=problems(JobNotFoundError))
def list_own_progress(
    job_id: str,
    response: Response,
    context: ServiceContext,
    limit: Limit = 100,
    after: After = 0,
) -> Page[OwnProgressResource]:
    """List the log of a job, in order."""
    with context.database.reading() as session:
        job = JobRepository(session).get(job_id)
        lines = ProgressRepository(session).page(job, after=after, limit=limit + 1)
        items = [own_progress(line) for line in lines[:limit]]
    query = {"limit": limit, "after": items[-1].number if items else after}
    path = f"{own_job_path(job_id)}/progress"
    following = link(path, query) if len(lines) > limit else None
    return page_with_link(response, items, following)


@router.get(
    "/{job_id}/answer",
    response_class=Response,
    responses=format_responses(
        {"type": "object"}, JobNotFoundError, JobHasNoAnswerError, has_report=False
    ),
)
def get_own_answer(
    job_id: str, request: Request, context: ServiceContext, wanted: RequestedFormat
) -> Response:
    """Return the answer of a job as JSON, or its tables as files."""
    with context.database.reading() as session:
        job = JobRepository(session).get(job_id)
        if job.analysis_hash is None:
            detail = f"Job {own_job_path(job_id)} is {job.state}."
            raise JobHasNoAnswerError(detail)
        name = job.analysis or ""
        text = AnalysisRepository(session).text(job.analysis_hash)
    # Not the hash of the store, which is also that of what the answer is of.
    own_hash = hashlib.sha256(text.encode()).hexdigest()
    analysis = ANALYSES[name]
    stored = StoredDocument(
        kind_of(analysis), own_hash, text, read=lambda: analysis.read(text)
    )
    return formatted(request, stored, wanted)


@router.post(
    "/{job_id}/cancel",
    responses=problems(
        JobNotFoundError, IllegalTransitionError, PreconditionFailedError
    ),
)
def cancel_own_job(
    job_id: str, request: Request, context: ServiceContext, if_match: IfMatch = None
) -> OwnJobResource:
    """Cancel a job and end its process; 409 if the job has ended."""
    with context.database.reading() as session:
        JobRepository(session).get(job_id)
    # The planner's own view of the store is one to read.
    whole = context.within(requesting_reader(request).organisation)
    return cancelled(whole, requesting_author(request), job_id, if_match, own_job_in)
