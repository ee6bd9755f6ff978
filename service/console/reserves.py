"""Reserves: where each stands, its ledger, orders of a month, the chain of a lot."""

import json
from collections.abc import Mapping, Sequence
from typing import Any

from fastapi import Response
from starlette.responses import Response as Answer

from models.mistakes import Mistake
from models.orders import Orders
from models.tables import EntryKind
from service.analyses.run import without_additions
from service.api.context import Context, ServiceContext
from service.api.cursors import Listed
from service.api.identity import RequestingAuthor
from service.api.job_resource import job_resource
from service.api.reserve_resource import StandingReserveResource
from service.api.reserves import (
    get_lot,
    get_reserve,
    get_reserve_entry,
    list_reserve_entries,
    list_reserves,
    lots_of,
)
from service.console.downloads import downloads
from service.console.forms import Fields
from service.console.planning_again import order_solve, planned_again
from service.console.registry import FORMS, PAGES
from service.console.view import OpenView, View, page_router, redirect
from service.errors import MalformedOrderError
from service.reserves.period import NextStep, period_of, worked_out
from service.store.cases import CaseRepository
from service.store.reserve_chain import check_ledger
from service.store.reserves import ReserveLedger, ReserveRepository

router = page_router()


@router.get(PAGES["show_reserves"].path)
def show_reserves(
    view: OpenView, context: ServiceContext, response: Response, listed: Listed
) -> Answer:
    """Return the reserves, in pages."""
    page = list_reserves(response, context, listed)
    return view.page(reserves=page.items, following=page.next)


@router.get(PAGES["show_reserve"].path)
def show_reserve(
    reserve_id: str,
    view: OpenView,
    context: ServiceContext,
    response: Response,
    listed: Listed,
) -> Answer:
    """Return where a reserve stands, its lots, and its ledger in pages."""
    reserve = get_reserve(reserve_id, context)
    return _page(reserve, view, context, response, listed, {}, [])


def _page(  # noqa: PLR0913, PLR0917 - the request, and what is wrong with it
    reserve: StandingReserveResource,
    view: View,
    context: Context,
    response: Response,
    listed: Listed,
    given: Mapping[str, str],
    mistakes: Sequence[Mistake],
) -> Answer:
    entry = PAGES["show_reserve"]
    page = list_reserve_entries(reserve.id, response, context, listed)
    with context.database.reading() as session:
        period = period_of(
            ReserveLedger(session, ReserveRepository(session).get(reserve.id))
        )
        job = None if period.job is None else job_resource(period.job, None)
        answer: Mapping[str, Any] = {}
        if period.next_step is NextStep.ENTER_ORDERS:
            answer = worked_out(session, period.job)
    chains = lots_of(context, reserve.id)
    solves = planned_again(context, reserve)
    is_at_work = period.next_step is NextStep.WAIT or any(x.is_at_work for x in solves)
    return view.answer(
        entry.template,
        entry,
        status=422 if mistakes else 200,
        reserve=reserve,
        period=period,
        job=job,
        orders=Orders.model_validate(without_additions(answer)) if answer else None,
        warnings=answer.get("warnings", []),
        names=_material_names(context, reserve),
        solves=solves,
        is_at_work=is_at_work,
        given=given,
        wrong_cap="; ".join(x.expected for x in mistakes),
        lots=chains.lots,
        downloads=downloads(reserve.lots_href, "reserve", chains, has_report=False),
        entries=page.items,
        following=page.next,
    )


def _material_names(
    context: Context, reserve: StandingReserveResource
) -> Mapping[str, str]:
    """Return what the case of the last position calls its materials, by identifier."""
    if reserve.position is None:
        return {}
    with context.database.reading() as session:
        text = CaseRepository(session).text(reserve.position.content_hash)
    return {x["id"]: x["name"] for x in json.loads(text)["materials"]}


@router.post(FORMS["plan_again"].path)
def plan_again(  # noqa: PLR0913, PLR0917 - the request, and who makes it
    reserve_id: str,
    view: OpenView,
    context: ServiceContext,
    author: RequestingAuthor,
    response: Response,
    listed: Listed,
    fields: Fields,
) -> Answer:
    """Order a solve of the last position, and lead back to the reserve."""
    reserve = get_reserve(reserve_id, context)
    try:
        order_solve(context, author, reserve, fields)
    except MalformedOrderError as error:
        return _page(reserve, view, context, response, listed, fields, error.mistakes)
    return redirect(f"/console/reserves/{reserve_id}#plans")


@router.get(PAGES["show_ledger"].path)
def show_ledger(
    reserve_id: str,
    view: OpenView,
    context: ServiceContext,
    response: Response,
    listed: Listed,
) -> Answer:
    """Return the ledger in pages, with what a check of its whole chain finds."""
    page = list_reserve_entries(reserve_id, response, context, listed)
    with context.database.reading() as session:
        found = check_ledger(session, ReserveRepository(session).get(reserve_id))
    return view.page(
        reserve=get_reserve(reserve_id, context),
        check=found,
        entries=page.items,
        following=page.next,
    )


@router.get(PAGES["show_reserve_entry"].path)
def show_reserve_entry(
    reserve_id: str, entry_hash: str, view: OpenView, context: ServiceContext
) -> Answer:
    """Return an entry; orders are told with their reasons."""
    entry = get_reserve_entry(reserve_id, entry_hash, context)
    are_orders = entry.kind is EntryKind.ORDERS and entry.document is not None
    return view.page(
        reserve=get_reserve(reserve_id, context),
        entry=entry,
        names=_material_names(context, get_reserve(reserve_id, context)),
        orders=Orders.model_validate(entry.document) if are_orders else None,
    )


@router.get(PAGES["show_lot"].path)
def show_lot(
    reserve_id: str, lot: str, view: OpenView, context: ServiceContext
) -> Answer:
    """Return the chain of a lot, from mine and refinery to who received it."""
    return view.page(
        reserve=get_reserve(reserve_id, context),
        chain=get_lot(reserve_id, lot, context),
    )
