"""What a client does with a job that it ordered: ask how it stands, and cancel it."""

from collections.abc import Callable
from functools import partial
from typing import TypeVar

from fastapi import Response
from fastapi.concurrency import run_in_threadpool
from sqlmodel import Session

from models.tables import Job
from service.api.context import Context
from service.api.entity_tags import (
    PASSING,
    check_match,
    is_known,
    not_modified,
    tag_of,
)
from service.api.job_resource import JobResource
from service.api.job_watch import JobWatch
from service.api.orders import RETRY_AFTER_S, withdraw
from service.api.own_resource import OwnJobResource
from service.api.waiting import has_ended, note_preference, waited
from service.jobs.engine.names import Ticket
from service.jobs.states import is_finished
from service.jobs.transitions import cancel
from service.store.audit_log import AuditTrail, Author
from service.store.jobs import JobRepository
from service.store.portions import PortionRepository

Resource = TypeVar("Resource", JobResource, OwnJobResource)


async def current(
    watch: JobWatch,
    response: Response,
    read: Callable[[], Resource],
    wait_s: int | None,
    if_none_match: str | None,
) -> Resource | Response:
    """Return a job as it is, with its tag, or 304.

    With a preference it waits for the end of the job; with a tag also for a change.
    """

    def is_enough(resource: Resource) -> bool:
        is_new = bool(if_none_match) and not is_known(tag_of(resource), if_none_match)
        return is_new or has_ended(resource)

    read_again = partial(run_in_threadpool, read)
    resource = await waited(watch, await read_again(), wait_s, read_again, is_enough)
    note_preference(response, wait_s)
    tag = tag_of(resource)
    response.headers.update({"ETag": tag, "Cache-Control": PASSING})
    if not has_ended(resource):
        response.headers["Retry-After"] = RETRY_AFTER_S
    if is_known(tag, if_none_match):
        return not_modified(response.headers)
    return resource


def cancelled(
    context: Context,
    author: Author,
    job_id: str,
    if_match: str | None,
    resource_of: Callable[[Session, Job], Resource],
) -> Resource:
    """Cancel a job, whose process is ended later; return it.

    Raises JobNotFoundError, IllegalTransitionError, or PreconditionFailedError if its
    tag is none of these.
    """
    with context.database.transaction() as session:
        held = JobRepository(session).held(job_id)
        check_match(tag_of(resource_of(session, held)), if_match)
        was_open = not is_finished(held.state)
        jobs = [held, *PortionRepository(session).unfinished(held)]
        job = cancel(session, job_id, context.clock)
        resource = resource_of(session, job)
        if was_open:
            trail = AuditTrail(session, author, context.clock())
            trail.add("cancel", "job", job_id)
    withdraw(context, [Ticket.of(job) for job in jobs if job.ticket])
    return resource
