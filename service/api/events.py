"""The progress of a job as server-sent events: each line of its log, and its states.

No listener has a thread: they are told together of changes, and read only then. A
stream ends with its job, with the access of its client, or after a while; its client
connects again, says how far it came, and is authorised anew.
"""

from collections.abc import AsyncGenerator, Callable
from functools import partial
from time import monotonic
from typing import Annotated, NamedTuple

from fastapi import APIRouter, Header, Request, Response
from fastapi.concurrency import run_in_threadpool
from fastapi.responses import StreamingResponse
from pydantic import BaseModel

from service.api.answers import MAXIMUM_POSITION
from service.api.context import Context, ServiceContext, StoreContext
from service.api.identity import check_access_still
from service.api.job_resource import (
    JobResource,
    ProgressResource,
    current_resource,
    progress_resource,
)
from service.api.paths import VERSION
from service.api.problem_types import problems
from service.errors import JobNotFoundError, ServiceError
from service.jobs.states import is_finished
from service.store.jobs import JobRepository
from service.store.progress import ProgressRepository

MEDIA_TYPE = "text/event-stream"
# Proxies close connections on which nothing comes for a minute.
HEARTBEAT_S = 15.0
LONGEST_STREAM_S = 300.0
MOST_LINES = 200
RECONNECT_MS = 2000
# A proxy that gathers answers would hold events back.
HEADERS = {"Cache-Control": "no-store", "X-Accel-Buffering": "no"}

router = APIRouter(prefix=f"{VERSION}/jobs", tags=["jobs"])


class News(NamedTuple):
    """A job, and lines of its log that a listener does not have."""

    job: JobResource
    lines: list[ProgressResource]


@router.get(
    "/{job_id}/events",
    response_class=Response,
    responses={
        200: {
            "description": "`progress` events are lines of the log with their numbers "
            "as ids, `job` events the job in each new state or with a better plan.",
            "content": {MEDIA_TYPE: {"schema": {"type": "string"}}},
        },
        204: {"description": "The job has ended, and the client has all events."},
    }
    | problems(JobNotFoundError),
)
async def stream_events(
    job_id: str,
    request: Request,
    store: StoreContext,
    context: ServiceContext,
    last_event_id: Annotated[
        int | None,
        Header(
            ge=0,
            le=MAXIMUM_POSITION,
            description="Number of the last line that the client has.",
        ),
    ] = None,
) -> Response:
    """Send the progress of a job as it comes; the stream ends with the job."""
    after = last_event_id or 0
    check_access = partial(check_access_still, request, store)
    news = await run_in_threadpool(_news, context, job_id, check_access, after)
    if last_event_id is not None and is_finished(news.job.state) and not news.lines:
        # A browser does not connect again after this.
        return Response(status_code=204)
    events = events_of(context, job_id, after, check_access)
    return StreamingResponse(events, media_type=MEDIA_TYPE, headers=HEADERS)


async def events_of(
    context: Context, job_id: str, after: int, check_access: Callable[[], None]
) -> AsyncGenerator[str]:
    """Yield the events of a job after that line, and a comment where none come.

    check_access: raises a ServiceError once the client may no longer have them.
    """
    read = partial(_news, context, job_id, check_access)
    deadline_s, seen, shown = monotonic() + LONGEST_STREAM_S, None, None
    yield f"retry: {RECONNECT_MS}\n\n"
    while True:
        try:
            job, lines = await run_in_threadpool(read, after)
        except ServiceError:
            # It was deleted, its client has no access any more, or the database is
            # down: the next request will say.
            return
        for line in lines:
            after = line.number
            yield _event("progress", after, line)
        if len(lines) == MOST_LINES:
            continue
        if shown != (job.state, job.incumbent):
            shown = (job.state, job.incumbent)
            yield _event("job", after, job)
        if is_finished(job.state) or _is_over(context, deadline_s):
            return
        before, seen = seen, await context.watch.changed(job_id, seen, HEARTBEAT_S)
        if seen == before:
            yield ": nothing new\n\n"


def _is_over(context: Context, deadline_s: float) -> bool:
    """Whether the client is to connect again."""
    return context.watch.is_closing or monotonic() > deadline_s


def _news(
    context: Context, job_id: str, check_access: Callable[[], None], after: int
) -> News:
    check_access()
    with context.database.reading() as session:
        job = JobRepository(session).get(job_id)
        lines = ProgressRepository(session).page(job, after=after, limit=MOST_LINES)
        return News(current_resource(session, job), [*map(progress_resource, lines)])


def _event(name: str, number: int, content: BaseModel) -> str:
    # JSON has no line breaks, so one line of data holds it.
    return f"event: {name}\nid: {number}\ndata: {content.model_dump_json()}\n\n"
