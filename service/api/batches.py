"""Batches: a case and variants of it, ordered together and compared."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Annotated, NamedTuple

from fastapi import APIRouter, Depends, Query, Request, Response
from sqlmodel import Session

from models.batch import DEFAULT_MEASURES, Axis, BatchResult, compare
from models.figures import Measure
from models.reading import InvalidCaseError
from models.tables import Batch, JobState
from service.api.answers import (
    AGAIN,
    MAXIMUM_POSITION,
    PLACE,
    Limit,
    Page,
    link,
    page_with_link,
)
from service.api.batch_resource import (
    BatchResource,
    BatchSummary,
    OrderedBatchResource,
    VariantResource,
    batch_resource,
    batch_summary,
    variant_resource,
    variants_path,
)
from service.api.bodies import JsonBody
from service.api.context import Context, ServiceContext
from service.api.cursors import Listed, OfCase
from service.api.entity_tags import (
    PASSING,
    IfMatch,
    check_version,
    tag_of_part,
    version_of,
)
from service.api.formats import StoredDocument, format_responses, formatted
from service.api.identity import RequestingAuthor
from service.api.orders import (
    RETRY_AFTER_S,
    OrderHeaders,
    RequestedHeaders,
    check_number_of_jobs,
    described_body,
    read_order,
    withdraw,
)
from service.api.paths import VERSION
from service.api.problem_types import problems
from service.api.wanted_format import RequestedFormat
from service.batches.control import ChangedBatch, cancel_batch, pause, resume, retry
from service.batches.order import BatchOrder
from service.batches.submission import (
    Expansion,
    case_of,
    earlier_batch,
    expand,
    submit_batch,
)
from service.casefiles import CaseFile
from service.errors import (
    BatchNotFoundError,
    CaseNotFoundError,
    MalformedOrderError,
    PreconditionFailedError,
)
from service.jobs.reaping import put_in_queue
from service.store.audit_log import AuditTrail, Author
from service.store.batches import BatchRepository

# Enough to keep workers busy for the 2 s until one of them queues more.
QUEUED_AT_ONCE = 20
# Changes after which jobs of the batch can be started.
REQUEUING = ("resume", "retry")

CHANGED = problems(BatchNotFoundError, PreconditionFailedError)

router = APIRouter(prefix=f"{VERSION}/batches", tags=["batches"])

After = Annotated[
    int,
    Query(ge=-1, le=MAXIMUM_POSITION, description="Number of the last variant seen."),
]
Measures = Annotated[
    list[Measure],
    Query(min_length=1, description="Measures of the Pareto set; repeatable."),
]


@dataclass(frozen=True, slots=True)
class Change:
    """Where and by whom a batch is changed, and as which version."""

    context: Context
    author: Author
    if_match: str | None


async def requested_change(
    context: ServiceContext, author: RequestingAuthor, if_match: IfMatch = None
) -> Change:
    """Return how a request changes a batch."""
    return Change(context, author, if_match)


RequestedChange = Annotated[Change, Depends(requested_change)]


@router.post(
    "",
    status_code=202,
    openapi_extra=described_body(BatchOrder),
    responses={202: {"headers": PLACE | AGAIN}}
    | problems(CaseNotFoundError, BatchNotFoundError),
)
def submit_a_batch(
    raw: JsonBody,
    response: Response,
    context: ServiceContext,
    author: RequestingAuthor,
    headers: RequestedHeaders,
) -> OrderedBatchResource:
    """Read all variants, store them and queue a job for each different one.

    If any variant has a mistake, nothing is stored.
    """
    order = read_order(BatchOrder, raw)
    batch = ordered_batch(context, author, order, headers)
    _set_headers(response, batch)
    return batch


@router.get("")
def list_batches(
    response: Response,
    context: ServiceContext,
    listed: Listed,
    case: OfCase = None,
) -> Page[BatchSummary]:
    """List the batches, latest first unless sorted otherwise."""
    with context.database.reading() as session:
        batches = BatchRepository(session)
        found = batches.page(listed.part, case_hash=case)
        shown = listed.shown(found)
        numbers = batches.number_by_state(shown)
        items = [batch_summary(x, numbers[x.sequence or 0]) for x in shown]
        position = listed.following([x.sequence for x in found])
    return listed.page(response, items, position)


@router.get(
    "/{batch_id}",
    response_model=BatchResource,
    responses=format_responses(None, BatchNotFoundError, further=AGAIN),
)
def get_batch(
    batch_id: str,
    request: Request,
    context: ServiceContext,
    wanted: RequestedFormat,
    limit: Limit = 50,
    measures: Measures = list(DEFAULT_MEASURES),  # noqa: B006 - never changed
) -> Response:
    """Return the state of a batch and the comparison of its variants so far.

    Its tables have all variants.
    """
    summary, resource, result = found_batch(context, batch_id, measures, limit)
    stored = StoredDocument(
        "batch",
        tag_of_part(version_of(summary, *result.rows), resource),
        resource.model_dump_json(),
        lambda: result,
        partial(_report, name=summary.name),
        name=batch_id,
    )
    answer = formatted(request, stored, wanted, PASSING)
    if not summary.is_finished:
        answer.headers["Retry-After"] = RETRY_AFTER_S
    return answer


@router.get("/{batch_id}/variants", responses=problems(BatchNotFoundError))
def list_variants(
    batch_id: str,
    response: Response,
    context: ServiceContext,
    state: JobState | None = None,
    limit: Limit = 50,
    after: After = -1,
) -> Page[VariantResource]:
    """List the variants of a batch in order; number 0 is the case as it is."""
    with context.database.reading() as session:
        batches = BatchRepository(session)
        found = batches.variants(
            batches.get(batch_id), after=after, limit=limit + 1, state=state
        )
        items = [variant_resource(variant) for variant in found[:limit]]
    has_more = len(found) > limit
    query = {"state": state, "limit": limit, "after": items[-1].number if items else 0}
    following = link(variants_path(batch_id), query) if has_more else None
    return page_with_link(response, items, following)


@router.post("/{batch_id}/pause", responses=CHANGED)
def pause_batch(batch_id: str, asked: RequestedChange) -> BatchSummary:
    """Let queued jobs of the batch wait; running jobs go on."""
    return _change(asked, batch_id, "pause", lambda x: pause(x, batch_id))


@router.post("/{batch_id}/resume", responses=CHANGED)
def resume_batch(batch_id: str, asked: RequestedChange) -> BatchSummary:
    """Let jobs of the batch be started again."""
    return _change(asked, batch_id, "resume", lambda x: resume(x, batch_id))


@router.post("/{batch_id}/cancel", responses=CHANGED)
def cancel_a_batch(batch_id: str, asked: RequestedChange) -> BatchSummary:
    """Cancel all jobs of the batch that have not ended."""
    clock = asked.context.clock
    return _change(
        asked, batch_id, "cancel", lambda x: cancel_batch(x, batch_id, clock)
    )


@router.post(
    "/{batch_id}/retry",
    status_code=202,
    responses={202: {"headers": PLACE | AGAIN}} | CHANGED,
)
def retry_batch(
    batch_id: str, asked: RequestedChange, response: Response
) -> BatchSummary:
    """Queue a new job for each variant whose job FAILED or was CANCELLED."""
    clock = asked.context.clock
    summary = _change(asked, batch_id, "retry", lambda x: retry(x, batch_id, clock))
    _set_headers(response, summary)
    return summary


class FoundBatch(NamedTuple):
    """A batch as a list has it, as a page has it, and with all of its variants."""

    summary: BatchSummary
    resource: BatchResource
    result: BatchResult


def found_batch(
    context: Context, batch_id: str, measures: Sequence[Measure], limit: int
) -> FoundBatch:
    """Return a batch compared by measures, or raise BatchNotFoundError."""
    with context.database.reading() as session:
        batches = BatchRepository(session)
        batch = batches.get(batch_id)
        summary = _summary(session, batch)
        rows = [found.row() for found in batches.variants(batch)]
    axes = [Axis.model_validate(axis) for axis in batch.axes]
    found = batch_resource(summary, batch, rows, compare(rows, axes, measures), limit)
    result = BatchResult(
        instance_hash=batch.case_hash,
        axes=tuple(axes),
        rows=tuple(rows),
        comparison=found.comparison,
        warnings=tuple(found.warnings),
    )
    return FoundBatch(summary, found, result)


def ordered_batch(
    context: Context, author: Author, order: BatchOrder, headers: OrderHeaders
) -> OrderedBatchResource:
    """Store a batch and queue its jobs, or return the one ordered under the same key.

    Raises MalformedOrderError, CaseNotFoundError, or BatchNotFoundError.
    """
    key = headers.idempotency_key
    with context.database.reading() as session:
        earlier = earlier_batch(session, key, order.fingerprint)
        case = None if earlier is not None else _case(session, order)
    # Outside of any transaction, since it may take long.
    expansion = None if case is None else _expanded(order, case)
    with context.database.transaction() as session:
        if expansion is None:
            batch = earlier_batch(session, key, order.fingerprint)
        else:
            batch, is_new = submit_batch(
                session,
                order,
                expansion,
                context.clock,
                key=key,
                is_fresh=headers.is_fresh,
            )
            if is_new:
                check_number_of_jobs(session, context)
                trail = AuditTrail(session, author, context.clock())
                trail.add("submit", "batch", batch.id)
        if batch is None:
            # It has just been deleted.
            raise BatchNotFoundError(key or "")
        _begin(session, context)
        summary = _summary(session, batch)
        warnings = list(BatchRepository(session).warnings(batch))
    return OrderedBatchResource(**dict(summary), warnings=warnings)


def _change(
    asked: Change,
    batch_id: str,
    verb: str,
    change: Callable[[Session], ChangedBatch],
) -> BatchSummary:
    """Change a batch, log it in the audit if anything is different, and return it.

    The batch is locked first: nothing else changes it in between. Raises
    PreconditionFailedError if it is no longer as the client has it.
    """
    context = asked.context
    with context.database.transaction() as session:
        batch = BatchRepository(session).held(batch_id)
        before = _summary(session, batch)
        if asked.if_match is not None:
            rows = [x.row() for x in BatchRepository(session).variants(batch)]
            check_version(version_of(before, *rows), asked.if_match)
        batch, tickets = change(session)
        summary = _summary(session, batch)
        if before != summary:
            trail = AuditTrail(session, asked.author, context.clock())
            trail.add(verb, "batch", batch.id)
        if verb in REQUEUING:
            _begin(session, context)
    withdraw(context, tickets)
    return summary


def _set_headers(response: Response, summary: BatchSummary) -> None:
    response.headers["Location"] = summary.href
    response.headers["Retry-After"] = RETRY_AFTER_S


def _begin(session: Session, context: ServiceContext) -> None:
    """Put the first jobs in the queue at once; workers queue the others."""
    put_in_queue(session, context.engine, QUEUED_AT_ONCE)


def _report(result: BatchResult, *, name: str) -> str:
    # Slow to load, and seldom needed.
    from service.analyses.reports import batch_report  # noqa: PLC0415

    return batch_report(result, name)


def _case(session: Session, order: BatchOrder) -> CaseFile:
    try:
        return case_of(session, order)
    except InvalidCaseError as error:
        raise MalformedOrderError(error.mistakes) from None


def _expanded(order: BatchOrder, case: CaseFile) -> Expansion:
    try:
        return expand(order, case)
    except InvalidCaseError as error:
        raise MalformedOrderError(error.mistakes) from None


def _summary(session: Session, batch: Batch) -> BatchSummary:
    numbers = BatchRepository(session).number_by_state([batch])
    return batch_summary(batch, numbers[batch.sequence or 0])
