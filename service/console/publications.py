"""The publication of a plan: whose planners see it, and under which title."""

from collections.abc import Mapping
from typing import Any

from fastapi import Response as ApiResponse
from starlette.responses import Response

from service.api.context import Context, ServiceContext
from service.api.identity import RequestingAuthor
from service.api.publications import (
    delete_publication,
    get_publication,
    put_publication,
)
from service.console.forms import Fields
from service.console.registry import FORMS, PAGES
from service.console.view import OpenView, View, page_router, redirect
from service.errors import MalformedOrderError, PublicationNotFoundError
from service.store.plans import PlanRepository

router = page_router()


@router.get(PAGES["show_publication"].path)
def show_publication(
    content_hash: str, view: OpenView, context: ServiceContext
) -> Response:
    """Return whether a plan is published, with the form to do so."""
    return _page(content_hash, view, context)


@router.post(FORMS["publish_plan"].path)
def publish_plan(
    content_hash: str,
    view: OpenView,
    context: ServiceContext,
    author: RequestingAuthor,
    fields: Fields,
) -> Response:
    """Publish a plan or change its title, and lead back."""
    order = {"title": fields.get("title", "")}
    try:
        put_publication(content_hash, order, ApiResponse(), context, author)
    except MalformedOrderError as error:
        wrong = "; ".join(x.expected for x in error.mistakes)
        return _page(content_hash, view, context, order, wrong)
    return redirect(f"/console/plans/{content_hash}/publication")


@router.post(FORMS["withdraw_plan"].path)
def withdraw_plan(
    content_hash: str, context: ServiceContext, author: RequestingAuthor
) -> Response:
    """Withdraw a plan from planners, and lead back."""
    delete_publication(content_hash, context, author)
    return redirect(f"/console/plans/{content_hash}/publication")


def _page(
    content_hash: str,
    view: View,
    context: Context,
    given: Mapping[str, Any] | None = None,
    wrong: str = "",
) -> Response:
    with context.database.reading() as session:
        PlanRepository(session).case_hash(content_hash)
    try:
        found = get_publication(content_hash, context)
    except PublicationNotFoundError:
        found = None
    title = "" if found is None else found.title
    return view.answer(
        PAGES["show_publication"].template,
        PAGES["show_publication"],
        status=422 if wrong else 200,
        content_hash=content_hash,
        publication=found,
        title=title if given is None else given["title"],
        wrong=wrong,
    )
