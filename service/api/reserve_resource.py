"""Reserves and entries of their ledgers in answers."""

import datetime as dt
import json
from typing import Any

from pydantic import BaseModel, Field

from models.tables import EntryKind, Reserve, ReserveEntry
from service.api.paths import versioned
from service.reserves.standing import document_text, last_standing, stated_by
from service.store.reserves import ReserveLedger


class ReserveResource(BaseModel):
    """A reserve."""

    id: str
    name: str = Field(description="Name for people.")
    created_at: dt.datetime = Field(description="UTC.")
    number_of_entries: int = Field(description="Entries of its ledger.")
    head: str = Field(
        description="Hash of the last entry, or what the first one has to follow: the "
        "`predecessor` of the next entry."
    )
    href: str
    entries_href: str
    lots_href: str


class InForceResource(BaseModel):
    """What counts now of a ledger."""

    entry: str = Field(description="Hash of the entry that says it.")
    number: int = Field(description="Number of that entry.")
    content_hash: str = Field(description="The stored case, or plan.")


class StandingReserveResource(ReserveResource):
    """A reserve, and where it stands."""

    position: InForceResource | None = Field(
        description="The last position; null if there is none."
    )
    start: dt.date | None = Field(description="Day of the last position.")
    plan: InForceResource | None = Field(
        description="The plan in force; null if there is none."
    )


class ReserveEntryResource(BaseModel):
    """An entry of the ledger of a reserve. It never changes."""

    hash: str = Field(
        description="SHA-256 of the entry and of the hash before it; its name here."
    )
    number: int = Field(description="Its place in the ledger, from 1.")
    kind: EntryKind
    at: dt.datetime = Field(description="UTC.")
    account: str = Field(description="Who added it.")
    predecessor: str = Field(description="Hash of the entry before.")
    case: str | None = Field(description="Hash of the case of a position.")
    plan: str | None = Field(description="Hash of the plan.")
    corrects: str | None = Field(description="Hash of the entry that it corrects.")
    reason: str | None = Field(description="Why it corrects that.")
    href: str


class ReserveEntryContent(ReserveEntryResource):
    """An entry, with all that it says."""

    document: dict[str, Any] | None = Field(
        description="The observation or the orders; of a position the section of its "
        "case (`position`) and the day (`start`); else null."
    )


def reserve_resource(found: Reserve) -> ReserveResource:
    """Return a reserve as an answer."""
    href = versioned(f"/reserves/{found.id}")
    return ReserveResource(
        id=found.id,
        name=found.name,
        created_at=found.created_at,
        number_of_entries=found.number_of_entries,
        head=found.head,
        href=href,
        entries_href=f"{href}/entries",
        lots_href=f"{href}/lots",
    )


def standing_reserve(ledger: ReserveLedger) -> StandingReserveResource:
    """Return a reserve, and where it stands."""
    last = last_standing(ledger, EntryKind.POSITION)
    plan = last_standing(ledger, EntryKind.PLAN)
    position = None if last is None else last.said
    return StandingReserveResource(
        **dict(reserve_resource(ledger.of)),
        position=None if position is None else _in_force(position),
        start=None if position is None else stated_by(position).start,
        plan=None if plan is None else _in_force(plan.said),
    )


def _in_force(said: ReserveEntry) -> InForceResource:
    content_hash = said.case_hash or said.plan_hash or ""
    return InForceResource(
        entry=said.entry_hash, number=said.number, content_hash=content_hash
    )


def entry_resource(reserve_id: str, entry: ReserveEntry) -> ReserveEntryResource:
    """Return an entry as an answer, without what it states."""
    return ReserveEntryResource(
        hash=entry.entry_hash,
        number=entry.number,
        kind=EntryKind(entry.kind),
        at=entry.at,
        account=entry.account,
        predecessor=entry.predecessor,
        case=entry.case_hash,
        plan=entry.plan_hash,
        corrects=entry.corrects,
        reason=entry.reason,
        href=versioned(f"/reserves/{reserve_id}/entries/{entry.entry_hash}"),
    )


def entry_content(reserve_id: str, entry: ReserveEntry) -> ReserveEntryContent:
    """Return an entry with all that it says."""
    return ReserveEntryContent(
        **dict(entry_resource(reserve_id, entry)),
        document=None if entry.content is None else json.loads(document_text(entry)),
    )
