"""The audit log: who did what."""

import re
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

HASH = re.compile(r"[0-9a-f]{64}")

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
    noted: FilterText = "",
) -> Answer:
    """Return the audit log, in pages.

    check: also whether the whole chain is as it was written; it reads every entry.
    noted: a hash of an entry that the reader has from earlier, which is looked for.
    """
    noted = noted.strip().lower()
    is_hash = not noted or HASH.fullmatch(noted) is not None
    found = None
    if is_hash and (check or noted):
        with context.database.reading() as session:
            found = check_chain(session, noted or None)
    wanted = EntryFilter(chosen.actor or None, chosen.verb or None, chosen.noun or None)
    page = list_entries(response, context, listed, wanted)
    content = {
        "entries": page.items,
        "following": page.next,
        "chosen": chosen,
        "check": found,
        "checked_at": context.clock(),
        "noted": noted,
        "is_hash": is_hash,
    }
    if not is_hash:
        entry = PAGES["show_audit_log"]
        return view.answer(entry.template, entry, status=422, **content)
    return view.page(**content)
