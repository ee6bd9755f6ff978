"""The audit log: who did what."""

from typing import Annotated, NamedTuple

from fastapi import Depends, Response
from starlette.responses import Response as Answer

from service.api.audit_log import list_entries
from service.api.context import ServiceContext
from service.api.cursors import FilterText, Listed
from service.console.registry import PAGES
from service.console.view import OpenView, page_router
from service.store.audit_chain import check_chain
from service.store.audit_log import EntryFilter

router = page_router()


class AuditFilters(NamedTuple):
    """Which entries a list shows. Forms send an empty text for any."""

    actor: str
    verb: str
    noun: str


async def audit_filters(
    actor: FilterText = "", verb: FilterText = "", noun: FilterText = ""
) -> AuditFilters:
    """Return what the address of a list asks for."""
    return AuditFilters(actor, verb, noun)


@router.get(PAGES["show_audit_log"].path)
def show_audit_log(
    view: OpenView,
    context: ServiceContext,
    response: Response,
    listed: Listed,
    chosen: Annotated[AuditFilters, Depends(audit_filters)],
    *,
    check: bool = False,
) -> Answer:
    """Return the audit log, in pages.

    check: also whether the whole chain is as it was written; it reads every entry.
    """
    found = None
    if check:
        with context.database.reading() as session:
            found = check_chain(session)
    wanted = EntryFilter(chosen.actor or None, chosen.verb or None, chosen.noun or None)
    page = list_entries(response, context, listed, wanted)
    return view.page(
        entries=page.items, following=page.next, chosen=chosen, check=found
    )
