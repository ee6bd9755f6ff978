"""What all orders of single jobs have in common, whichever kind the job is."""

from collections.abc import Collection
from contextlib import suppress
from typing import Annotated, TypeVar

from fastapi import Header, Response
from pydantic import BaseModel, ValidationError
from sqlmodel import Session

from models.tables import Job, JobState
from models.tables.job import MAXIMUM_KEY_CHARACTERS
from service.api.context import Context
from service.api.job_resource import JobResource
from service.errors import (
    InvalidIdempotencyKeyError,
    MalformedOrderError,
    StoreUnavailableError,
)
from service.files.validation import mistakes_in
from service.jobs.engine.names import Ticket
from service.jobs.states import is_finished
from service.store.audit_log import AuditTrail, Author

RETRY_AFTER_S = "2"

IdempotencyKey = Annotated[
    str | None,
    Header(
        description="A name for this order: sent again, it gives the same answer again."
    ),
]
CacheControl = Annotated[
    str | None,
    Header(description="`no-cache`: solve anew, also what was solved before."),
]

Order = TypeVar("Order", bound=BaseModel)


def read_order(kind: type[Order], raw: object) -> Order:
    """Return an order as it was sent, or raise MalformedOrderError."""
    try:
        return kind.model_validate(raw)
    except ValidationError as error:
        raise MalformedOrderError(mistakes_in(error, "order")) from None


def take_in(session: Session, context: Context, author: Author, job: Job) -> None:
    """Put a new job in the queue, unless its answer is known, and tell the audit."""
    if job.state is JobState.QUEUED:
        context.engine.submit(session, job)
    AuditTrail(session, author, context.clock()).add("submit", "job", job.id)


def take_back(context: Context, tickets: Collection[Ticket]) -> None:
    """Take tickets out of the queue whose jobs are not to be begun, or were given up.

    If the store is away for it, whoever has or takes one sees that by itself.
    """
    with suppress(StoreUnavailableError):
        context.engine.cancel(tickets)


def tell_where(response: Response, resource: JobResource) -> None:
    """Write to an answer where its job is, and when to ask for it again."""
    response.headers["Location"] = resource.href
    if is_finished(resource.state):
        response.status_code = 200
    else:
        response.headers["Retry-After"] = RETRY_AFTER_S


def check_key(key: str | None) -> None:
    """Raise InvalidIdempotencyKeyError if the key cannot be kept."""
    if key is not None and not 1 <= len(key) <= MAXIMUM_KEY_CHARACTERS:
        detail = f"It has 1 to {MAXIMUM_KEY_CHARACTERS} characters."
        raise InvalidIdempotencyKeyError(detail)


def wants_fresh(cache_control: str | None) -> bool:
    """Whether the answer must not come from what is known."""
    wishes = (cache_control or "").split(",")
    return any(wish.strip().lower() in {"no-cache", "no-store"} for wish in wishes)
