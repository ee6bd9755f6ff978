"""What all orders have in common: their bodies, headers and answers."""

import hashlib
import json
from collections.abc import Callable, Collection
from contextlib import suppress
from dataclasses import dataclass
from functools import partial
from typing import Annotated, Any, TypeVar

from fastapi import Depends, Header, Request, Response
from fastapi.concurrency import run_in_threadpool
from pydantic import BaseModel, Field, ValidationError
from sqlmodel import Session

from models.instance import Instance
from models.reading import InvalidCaseError, read_instance
from models.tables import Job, JobState
from models.tables.job import MAXIMUM_KEY_CHARACTERS, MAXIMUM_PRIORITY
from service.api.context import Context
from service.api.job_resource import JobResource, current_resource
from service.api.waiting import PreferredWait, Resource, note_preference, waited
from service.casefiles import open_shipped
from service.errors import (
    InvalidIdempotencyKeyError,
    MalformedOrderError,
    StoreUnavailableError,
    TooManyJobsError,
)
from service.files.validation import mistakes_in
from service.identity.reader import SINGLE_USER
from service.jobs.engine.names import Ticket
from service.jobs.portions import startable
from service.jobs.states import is_finished
from service.store.audit_log import AuditTrail, Author
from service.store.jobs import JobRepository

RETRY_AFTER_S = "2"

OrderBody = TypeVar("OrderBody", bound=BaseModel)

OrderedPriority = Annotated[
    int,
    Field(
        ge=0,
        le=MAXIMUM_PRIORITY,
        description="Of two queued jobs the one with the smaller number is next.",
    ),
]


@dataclass(frozen=True, slots=True)
class OrderHeaders:
    """The key of an order, and whether earlier answers do not count."""

    idempotency_key: str | None
    is_fresh: bool


async def order_headers(
    request: Request,
    idempotency_key: Annotated[
        str | None,
        Header(
            description="A name for this order: sent again, it gives the same answer "
            "again."
        ),
    ] = None,
    cache_control: Annotated[
        str | None,
        Header(description="`no-cache`: solve again, even if there is a known answer."),
    ] = None,
) -> OrderHeaders:
    """Return the headers of an order, or raise InvalidIdempotencyKeyError."""
    key = idempotency_key
    if key is not None and not 1 <= len(key) <= MAXIMUM_KEY_CHARACTERS:
        detail = f"It has 1 to {MAXIMUM_KEY_CHARACTERS} characters."
        raise InvalidIdempotencyKeyError(detail)
    if key is not None and request.state.reader != SINGLE_USER:
        # Another account may choose the same key, and must not get this one's job.
        key = _key_of_account(request.state.reader.name, key)
    directives = {x.strip().lower() for x in (cache_control or "").split(",")}
    return OrderHeaders(key, bool(directives & {"no-cache", "no-store"}))


def _key_of_account(name: str, key: str) -> str:
    return hashlib.sha256(json.dumps([name, key]).encode()).hexdigest()


RequestedHeaders = Annotated[OrderHeaders, Depends(order_headers)]


@dataclass(frozen=True, slots=True)
class WaitingOrderHeaders(OrderHeaders):
    """Those of an order of one job: also how long its answer may wait for the job."""

    wait_s: int | None


async def job_order_headers(
    headers: RequestedHeaders, wait_s: PreferredWait
) -> WaitingOrderHeaders:
    """Return the headers of an order of one job."""
    return WaitingOrderHeaders(headers.idempotency_key, headers.is_fresh, wait_s)


JobOrderHeaders = Annotated[WaitingOrderHeaders, Depends(job_order_headers)]


def described_body(kind: type[BaseModel]) -> dict[str, Any]:
    """Return the description of a body that is read by `read_order`, for OpenAPI."""
    content = {"application/json": {"schema": kind.model_json_schema()}}
    return {"requestBody": {"required": True, "content": content}}


def read_order(kind: type[OrderBody], raw: object) -> OrderBody:
    """Return an order as it was sent, or raise MalformedOrderError."""
    try:
        return kind.model_validate(raw)
    except ValidationError as error:
        raise MalformedOrderError(mistakes_in(error, "order")) from None


def shipped_case(name: str) -> Instance | None:
    """Return a shipped case or a variant of one by name; None if none has that name.

    Raises MalformedOrderError if the case has no such variant.
    """
    try:
        shipped = open_shipped(name)
    except InvalidCaseError as error:
        raise MalformedOrderError(error.mistakes) from None
    return None if shipped is None else read_instance(shipped.content)


def accept(
    session: Session, context: Context, author: Author, job: Job, *, is_new: bool
) -> JobResource:
    """Admit an ordered job; return it as an answer."""
    admit(session, context, author, job, is_new=is_new)
    return current_resource(session, job)


def admit(
    session: Session, context: Context, author: Author, job: Job, *, is_new: bool
) -> None:
    """Queue an ordered job unless it has its answer, and log a new one in the audit."""
    if is_new:
        if job.state is JobState.QUEUED:
            check_number_of_jobs(session, context, job.participant)
            for one in startable(session, job):
                context.engine.submit(session, one)
        AuditTrail(session, author, context.clock()).add(
            "submit", "job", job.id, result=job.plan_hash or job.evaluation_hash
        )


def check_number_of_jobs(
    session: Session, context: Context, participant: str | None = None
) -> None:
    """Raise TooManyJobsError if too many have not ended, those of the order included.

    Planners of a participant have a number of their own: it tells nothing of others.
    """
    most = context.settings.unfinished_jobs_of_organisation
    if most and JobRepository(session).number_unfinished(participant) > most:
        raise TooManyJobsError(most)


def withdraw(context: Context, tickets: Collection[Ticket]) -> None:
    """Take the tickets of paused or cancelled jobs out of the queue.

    If the database does not answer, workers find out when they take a ticket.
    """
    with suppress(StoreUnavailableError):
        context.engine.cancel(tickets)


async def answered(
    context: Context,
    response: Response,
    wait_s: int | None,
    order: Callable[[], JobResource],
) -> JobResource:
    """Return the job of an order, after as long as the client prefers to wait.

    The answer says where the job is, and when to ask for it again.
    """
    return await answered_as(context, response, wait_s, order, current_resource)


async def answered_as(
    context: Context,
    response: Response,
    wait_s: int | None,
    order: Callable[[], Resource],
    resource_of: Callable[[Session, Job], Resource],
) -> Resource:
    """Return the same as that resource."""
    resource = await run_in_threadpool(order)

    def read() -> Resource:
        with context.database.reading() as session:
            return resource_of(session, JobRepository(session).get(resource.id))

    resource = await waited(
        context.watch, resource, wait_s, partial(run_in_threadpool, read)
    )
    note_preference(response, wait_s)
    response.headers["Location"] = resource.href
    if is_finished(resource.state):
        response.status_code = 200
    else:
        response.headers["Retry-After"] = RETRY_AFTER_S
    return resource
