"""The audit log: who did what."""

import re
from typing import Annotated, Any, NamedTuple

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


class AuditCheck(NamedTuple):
    """What of the chain is checked; noted: a hash that the reader has from earlier."""

    is_wanted: bool
    noted: str

    @property
    def is_hash(self) -> bool:
        """Whether what was noted can be the hash of an entry, or nothing was."""
        return not self.noted or HASH.fullmatch(self.noted) is not None


async def audit_check(*, check: bool = False, noted: FilterText = "") -> AuditCheck:
    """Return what the address asks for; a hash that was noted is always looked for."""
    noted = noted.strip().lower()
    return AuditCheck(check or bool(noted), noted)


@router.get(PAGES["show_audit_log"].path)
def show_audit_log(
    view: OpenView,
    context: ServiceContext,
    response: Response,
    listed: Listed,
    chosen: Annotated[AuditFilters, Depends(audit_filters)],
    wanted: Annotated[AuditCheck, Depends(audit_check)],
) -> Answer:
    """Return the audit log, in pages.

    A check of the whole chain reads every entry: it is made when asked for.
    """
    found = None
    if wanted.is_wanted and wanted.is_hash:
        with context.database.reading() as session:
            found = check_chain(session, wanted.noted or None)
    asked = EntryFilter(chosen.actor or None, chosen.verb or None, chosen.noun or None)
    page = list_entries(response, context, listed, asked)
    content: dict[str, Any] = {
        "entries": page.items,
        "following": page.next,
        "chosen": chosen,
        "check": found,
        "checked_at": context.clock(),
        "noted": wanted.noted,
        "is_hash": wanted.is_hash,
    }
    if not wanted.is_hash:
        entry = PAGES["show_audit_log"]
        return view.answer(entry.template, entry, status=422, **content)
    return view.page(**content)
