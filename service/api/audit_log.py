"""The audit log: who did what. Entries are added with each change."""

import datetime as dt
from typing import Annotated

from fastapi import APIRouter, Depends, Response
from pydantic import BaseModel, Field

from models.tables import AuditEntry
from service.api.answers import Page
from service.api.context import ServiceContext
from service.api.cursors import FilterText, Listed
from service.api.paths import VERSION
from service.store.audit_log import EntryFilter, entries

router = APIRouter(prefix=f"{VERSION}/audit", tags=["service"])


class AuditResource(BaseModel):
    """One change of what the organisation has."""

    number: int = Field(description="Order of the entries of the organisation.")
    at: dt.datetime = Field(description="UTC.")
    actor: str = Field(
        description="Name of the account; `anonymous` in a store without accounts; the "
        "user of the machine who gave a command."
    )
    verb: str = Field(description="What was done.")
    noun: str = Field(description="To what kind of thing.")
    name: str = Field(description="Which one: its content hash, or the id of a job.")
    request_id: str = Field(
        description="X-Request-ID of the request, or one for all that a command did."
    )
    key: str | None = Field(description="Prefix of the key of the request.")
    address: str | None = Field(description="Where the request came from.")
    result: str | None = Field(
        description="Content hash of the document that came of it."
    )
    chain_hash: str | None = Field(
        description="Of this entry and the one before it; null in entries of versions "
        "without a chain."
    )


async def requested_entries(
    actor: FilterText | None = None,
    verb: FilterText | None = None,
    noun: FilterText | None = None,
    name: FilterText | None = None,
) -> EntryFilter:
    """Return which entries a request asks for."""
    return EntryFilter(actor, verb, noun, name)


@router.get("")
def list_entries(
    response: Response,
    context: ServiceContext,
    listed: Listed,
    wanted: Annotated[EntryFilter, Depends(requested_entries)],
) -> Page[AuditResource]:
    """List who in the organisation did what, latest first unless sorted otherwise."""
    with context.database.reading() as session:
        found = entries(session, listed.part, wanted)
    items = [_resource(entry) for entry in listed.shown(found)]
    position = listed.following([x.number for x in found])
    return listed.page(response, items, position)


def _resource(entry: AuditEntry) -> AuditResource:
    return AuditResource(
        number=entry.number,
        at=entry.at,
        actor=entry.actor,
        verb=entry.verb,
        noun=entry.noun,
        name=entry.name,
        request_id=entry.request_id,
        key=entry.key,
        address=entry.address,
        result=entry.result,
        chain_hash=entry.chain_hash,
    )
