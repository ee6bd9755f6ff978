"""Corrections: what an entry of a ledger should have said, or that it is taken back."""

import json
from collections.abc import Mapping, Sequence
from typing import Any

from starlette.responses import Response

from models.mistakes import Mistake
from models.reading import InvalidCaseError
from models.tables import EntryKind
from service.api.context import Context, ServiceContext
from service.api.identity import RequestingAuthor
from service.api.reserve_resource import ReserveEntryContent
from service.api.reserves import get_reserve, get_reserve_entry
from service.console.forms import ChosenFile, Fields, SentFile
from service.console.observations import sent_document
from service.console.registry import FORMS, PAGES
from service.console.reserve_opening import enter
from service.console.view import OpenView, View, page_router, redirect
from service.errors import (
    CaseNotFoundError,
    MalformedOrderError,
    PlanNotFoundError,
    PositionNotLastError,
    PredecessorNotLastError,
)
from service.reserves.content import DOCUMENT, FIELDS

# What a correction puts in the place of an entry.
NOTHING, OTHER = "nothing", "other"

router = page_router()


@router.get(PAGES["show_correction"].path)
def show_correction(
    reserve_id: str, entry_hash: str, view: OpenView, context: ServiceContext
) -> Response:
    """Return the form to correct an entry; of a correction that of what it corrects."""
    entry = get_reserve_entry(reserve_id, entry_hash, context)
    if entry.corrects is not None:
        return redirect(_address(reserve_id, entry.corrects))
    return _page(reserve_id, view, context, entry, {})


@router.post(FORMS["correct_entry"].path)
def correct_entry(  # noqa: PLR0913, PLR0917 - the request, and who makes it
    reserve_id: str,
    entry_hash: str,
    view: OpenView,
    context: ServiceContext,
    author: RequestingAuthor,
    fields: Fields,
    file: ChosenFile,
) -> Response:
    """Add a correction, and lead to the reserve."""
    entry = get_reserve_entry(reserve_id, entry_hash, context)
    if entry.corrects is not None:
        return redirect(_address(reserve_id, entry.corrects))
    head = fields.get("head", "")
    try:
        said = {"corrects": entry.hash, **_said(entry, fields, file)}
        enter(context, author, reserve_id, head, EntryKind.CORRECTION, **said)
    except (InvalidCaseError, MalformedOrderError) as error:
        return _page(reserve_id, view, context, entry, fields, error.mistakes)
    except (CaseNotFoundError, PlanNotFoundError, PositionNotLastError) as error:
        field = FIELDS[entry.kind]
        wrong = Mistake(field, fields.get(field), str(error))
        return _page(reserve_id, view, context, entry, fields, [wrong])
    except PredecessorNotLastError:
        return _page(reserve_id, view, context, entry, fields, has_gone_on=True)
    return redirect(f"/console/reserves/{reserve_id}")


def _address(reserve_id: str, entry_hash: str) -> str:
    return f"/console/reserves/{reserve_id}/entries/{entry_hash}/correction"


def _said(
    entry: ReserveEntryContent, fields: Mapping[str, str], file: SentFile | None
) -> Mapping[str, Any]:
    """Return reason and content of a correction, or raise with what is missing."""
    said: dict[str, Any] = {"reason": fields.get("reason", "")}
    mistakes = [] if said["reason"] else [Mistake("reason", "absent", "why")]
    field = FIELDS[entry.kind]
    if fields.get("what") == OTHER:
        if field != DOCUMENT:
            said[field] = fields.get(field, "")
        elif file is not None:
            said[field] = sent_document(file)
        if not said.get(field):
            expected = "what takes its place"
            mistakes.append(Mistake(field, "absent", expected))
    elif fields.get("what") != NOTHING:
        mistakes.append(Mistake("what", "absent", "one of the two"))
    if mistakes:
        raise MalformedOrderError(mistakes)
    return said


def _page(  # noqa: PLR0913 - what is shown, and what is wrong with it
    reserve_id: str,
    view: View,
    context: Context,
    entry: ReserveEntryContent,
    fields: Mapping[str, str],
    mistakes: Sequence[Mistake] = (),
    *,
    has_gone_on: bool = False,
) -> Response:
    page, field = PAGES["show_correction"], FIELDS[entry.kind]
    errors: dict[str, str] = {}
    others: list[Mistake] = []
    for mistake in mistakes:
        whole = mistake.path.partition(".")[0]
        if whole in {"reason", "what", field} and field != DOCUMENT:
            errors[whole] = mistake.expected
        elif mistake.path in {"reason", "what", field}:
            errors[mistake.path] = mistake.expected
        else:
            others.append(mistake)
    return view.answer(
        page.template,
        page,
        status=422 if mistakes else 409 if has_gone_on else 200,
        reserve=get_reserve(reserve_id, context),
        entry=entry,
        field=field,
        given=fields,
        errors=errors,
        mistakes=others,
        has_gone_on=has_gone_on,
        said=json.dumps(entry.document, indent=2) if entry.document else "",
    )
