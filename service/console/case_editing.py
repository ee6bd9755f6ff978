"""A case in forms, section by section; what is changed is stored as a new case."""

import json
from collections.abc import Sequence

from fastapi.exceptions import RequestValidationError
from starlette.responses import Response

from models.mistakes import Mistake
from models.reading import InvalidCaseError, read_instance
from service.api.cases import put_listed
from service.api.context import ServiceContext
from service.api.cursors import FilterText
from service.api.identity import RequestingAuthor
from service.console.case_changes import Content, Given, edited
from service.console.case_forms import form_tables
from service.console.case_sections import SECTIONS
from service.console.forms import Fields
from service.console.registry import FORMS, PAGES
from service.console.view import OpenView, View, page_router, redirect
from service.store.cases import CaseRepository

FIRST = next(iter(SECTIONS))

router = page_router()


@router.get(PAGES["show_case_form"].path)
def show_case_form(
    content_hash: str,
    view: OpenView,
    context: ServiceContext,
    section: FilterText = FIRST,
) -> Response:
    """Return a section of a case as a form; raise RequestValidationError.

    The error is for a section that is not edited here.
    """
    content = _content(context, content_hash)
    return _page(content_hash, content, view, _known(section))


@router.post(FORMS["edit_case"].path)
def edit_case(
    content_hash: str,
    view: OpenView,
    context: ServiceContext,
    author: RequestingAuthor,
    fields: Fields,
) -> Response:
    """Store the case with what was changed, and lead to it."""
    content = _content(context, content_hash)
    section = _known(fields.get("section", FIRST))
    made = edited(SECTIONS[section], content, fields)
    name = fields.get("name") or content["name"]
    if not made.paths and name == content["name"]:
        return _page(content_hash, content, view, section, fields, is_unchanged=True)
    try:
        case = read_instance(made.content | {"name": name})
    except InvalidCaseError as error:
        return _page(content_hash, content, view, section, fields, error.mistakes)
    stored, _ = put_listed(context, author, case, content_hash)
    return redirect(f"/console/cases/{stored.hash}")


def _content(context: ServiceContext, content_hash: str) -> Content:
    with context.database.reading() as session:
        content: Content = json.loads(CaseRepository(session).text(content_hash))
    return content


def _known(section: str) -> str:
    if section not in SECTIONS:
        known = f"one of {', '.join(SECTIONS)}"
        wrong = {"loc": ("query", "section"), "input": section, "msg": known}
        raise RequestValidationError([wrong])
    return section


def _page(  # noqa: PLR0913 - what was typed, and what is wrong with it
    content_hash: str,
    content: Content,
    view: View,
    section: str,
    given: Given | None = None,
    mistakes: Sequence[Mistake] = (),
    *,
    is_unchanged: bool = False,
) -> Response:
    typed = given or {}
    return view.answer(
        PAGES["show_case_form"].template,
        PAGES["show_case_form"],
        status=422 if mistakes or is_unchanged else 200,
        content_hash=content_hash,
        case_name=content["name"],
        sections=SECTIONS,
        chosen=section,
        tables=form_tables(SECTIONS[section], content, typed, mistakes),
        name=typed.get("name", content["name"]),
        source=typed.get("source", ""),
        mistakes=mistakes,
        is_unchanged=is_unchanged,
    )
