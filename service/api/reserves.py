"""Reserves: each has a ledger of where it stands and which plan is in force."""

import hashlib
from typing import Annotated, Self

from fastapi import APIRouter, Request, Response
from pydantic import (
    AfterValidator,
    BaseModel,
    ConfigDict,
    Field,
    JsonValue,
    TypeAdapter,
    model_validator,
)

from models.record import without_nul
from models.reserve import LotChain, LotChains
from models.tables import EntryKind
from service.api.answers import Page
from service.api.bodies import JsonBody
from service.api.context import Context, ServiceContext
from service.api.cursors import Listed
from service.api.entity_tags import PASSING
from service.api.formats import StoredDocument, format_responses, formatted
from service.api.identity import RequestingAuthor
from service.api.orders import described_body, read_order
from service.api.paths import VERSION
from service.api.problem_types import problems
from service.api.reserve_resource import (
    ReserveEntryContent,
    ReserveEntryResource,
    ReserveResource,
    StandingReserveResource,
    entry_content,
    entry_resource,
    reserve_resource,
    standing_reserve,
)
from service.api.wanted_format import RequestedFormat
from service.errors import (
    CaseNotFoundError,
    EntryNotFoundError,
    LotNotFoundError,
    PlanNotFoundError,
    PositionNotLastError,
    PredecessorNotLastError,
    ReserveNotFoundError,
)
from service.reserves.content import FIELDS, EntryContent
from service.reserves.entering import (
    NewEntry,
    append_entry,
    checked_entry,
    open_reserve,
)
from service.reserves.standing import chain_of, chains_of
from service.store.audit_log import AuditTrail
from service.store.reserves import ReserveLedger, ReserveRepository

router = APIRouter(prefix=f"{VERSION}/reserves", tags=["reserves"])

MISSING = problems(ReserveNotFoundError)
LOTS = TypeAdapter(list[LotChain])
APPENDED = problems(
    ReserveNotFoundError,
    EntryNotFoundError,
    CaseNotFoundError,
    PlanNotFoundError,
    PredecessorNotLastError,
    PositionNotLastError,
)


class ReserveOrder(BaseModel):
    """A reserve to open."""

    model_config = ConfigDict(extra="forbid")

    name: Annotated[str, AfterValidator(without_nul)] = Field(
        min_length=1, max_length=200, description="Name for people."
    )


class EntryOrder(BaseModel):
    """An entry to add to the ledger of a reserve.

    A position has a case, a plan a plan; an observation and orders have a document. A
    correction names the entry that it corrects and why; it has what takes the place of
    that, or nothing.
    """

    model_config = ConfigDict(extra="forbid")

    predecessor: str = Field(
        description="Hash of the last entry, or `head` of the reserve: the entry is "
        "added after it, or refused if the ledger has gone on."
    )
    kind: EntryKind
    case: str | None = Field(
        default=None, description="Hash of a stored case, whose `position` it is."
    )
    plan: str | None = Field(
        default=None, description="Hash of a stored plan, in force from now on."
    )
    document: dict[str, JsonValue] | None = Field(
        default=None,
        description="An observation of the period that the last position begins, or "
        "the orders for it, as the analysis `advance` reads and answers them.",
    )
    corrects: str | None = Field(
        default=None, description="Hash of the entry that is corrected."
    )
    reason: Annotated[str, AfterValidator(without_nul)] | None = Field(
        default=None, min_length=1, max_length=2000, description="Why."
    )

    @model_validator(mode="after")
    def _of_its_kind(self) -> Self:
        fields = {*FIELDS.values(), "corrects", "reason"}
        given = {name for name in fields if getattr(self, name) is not None}
        if self.kind is EntryKind.CORRECTION:
            needed = {"corrects", "reason"}
            if not needed <= given or len(given - needed) > 1:
                msg = "corrects and reason, and what it says instead, or nothing"
                raise ValueError(msg)
        elif given != {FIELDS[self.kind]}:
            msg = f"{FIELDS[self.kind]}, of which the kind {self.kind} is, and no other"
            raise ValueError(msg)
        return self

    @property
    def content(self) -> EntryContent | None:
        """What it says; None if it takes another entry back."""
        said = EntryContent(self.case, self.plan, self.document)
        return None if said == EntryContent() else said


@router.post("", status_code=201, openapi_extra=described_body(ReserveOrder))
def open_a_reserve(
    raw: JsonBody,
    response: Response,
    context: ServiceContext,
    author: RequestingAuthor,
) -> ReserveResource:
    """Open a reserve, whose ledger is empty."""
    order = read_order(ReserveOrder, raw)
    now = context.clock()
    with context.database.transaction() as session:
        new = open_reserve(session, order.name, now)
        AuditTrail(session, author, now).add("open", "reserve", new.id)
        resource = reserve_resource(new)
    response.headers["Location"] = resource.href
    return resource


@router.get("")
def list_reserves(
    response: Response, context: ServiceContext, listed: Listed
) -> Page[ReserveResource]:
    """List the reserves, latest first unless sorted otherwise."""
    with context.database.reading() as session:
        found = ReserveRepository(session).page(listed.part)
    items = [reserve_resource(x) for x in listed.shown(found)]
    position = listed.following([x.sequence for x in found])
    return listed.page(response, items, position)


@router.get("/{reserve_id}", responses=MISSING)
def get_reserve(reserve_id: str, context: ServiceContext) -> StandingReserveResource:
    """Return where a reserve stands: its last position and the plan in force."""
    with context.database.reading() as session:
        found = ReserveRepository(session).get(reserve_id)
        return standing_reserve(ReserveLedger(session, found))


@router.post(
    "/{reserve_id}/entries",
    status_code=201,
    openapi_extra=described_body(EntryOrder),
    responses=APPENDED,
)
def append_reserve_entry(
    reserve_id: str,
    raw: JsonBody,
    response: Response,
    context: ServiceContext,
    author: RequestingAuthor,
) -> ReserveEntryResource:
    """Add an entry after the last one, which the body names."""
    order = read_order(EntryOrder, raw)
    now = context.clock()
    new = NewEntry(
        order.predecessor, order.kind, order.content, order.corrects, order.reason
    )
    with context.database.reading() as session:
        entry = checked_entry(session, reserve_id, new, account=author.actor, at=now)
    with context.database.transaction() as session:
        append_entry(session, reserve_id, entry)
        trail = AuditTrail(session, author, now)
        trail.add("append", "reserve", reserve_id, result=entry.entry_hash)
        resource = entry_resource(reserve_id, entry)
    response.headers["Location"] = resource.href
    return resource


@router.get("/{reserve_id}/entries", responses=MISSING)
def list_reserve_entries(
    reserve_id: str,
    response: Response,
    context: ServiceContext,
    listed: Listed,
    kind: EntryKind | None = None,
) -> Page[ReserveEntryResource]:
    """List the entries of the ledger, latest first unless sorted otherwise."""
    with context.database.reading() as session:
        reserve = ReserveRepository(session).get(reserve_id)
        found = ReserveLedger(session, reserve).page(listed.part, kind)
        items = [entry_resource(reserve_id, x) for x in listed.shown(found)]
        position = listed.following([x.number for x in found])
    return listed.page(response, items, position)


@router.get(
    "/{reserve_id}/entries/{entry_hash}",
    responses=problems(ReserveNotFoundError, EntryNotFoundError),
)
def get_reserve_entry(
    reserve_id: str, entry_hash: str, context: ServiceContext
) -> ReserveEntryContent:
    """Return an entry with all that it says."""
    with context.database.reading() as session:
        reserve = ReserveRepository(session).get(reserve_id)
        return entry_content(
            reserve_id, ReserveLedger(session, reserve).entry(entry_hash)
        )


@router.get(
    "/{reserve_id}/lots",
    response_model=list[LotChain],
    responses=format_responses(None, ReserveNotFoundError, has_report=False),
)
def list_lots(
    reserve_id: str,
    request: Request,
    context: ServiceContext,
    wanted: RequestedFormat,
) -> Response:
    """List the lots that the reserve has or had, in the order in which they came."""
    chains = lots_of(context, reserve_id)
    text = LOTS.dump_json(list(chains.lots)).decode()
    tag = hashlib.sha256(text.encode()).hexdigest()
    stored = StoredDocument("reserve", tag, text, lambda: chains, name=reserve_id)
    return formatted(request, stored, wanted, PASSING)


def lots_of(context: Context, reserve_id: str) -> LotChains:
    """Return the chains of all lots of a reserve."""
    with context.database.reading() as session:
        reserve = ReserveRepository(session).get(reserve_id)
        found = chains_of(ReserveLedger(session, reserve))
    return LotChains(lots=tuple(found.values()))


@router.get(
    "/{reserve_id}/lots/{lot}",
    responses=problems(ReserveNotFoundError, LotNotFoundError),
)
def get_lot(reserve_id: str, lot: str, context: ServiceContext) -> LotChain:
    """Return the chain of a lot: where it was mined and refined, what became of it."""
    with context.database.reading() as session:
        reserve = ReserveRepository(session).get(reserve_id)
        return chain_of(ReserveLedger(session, reserve), lot)
