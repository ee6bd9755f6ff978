"""Reserves: where each stands, its ledger, orders of a month, the chain of a lot."""

import json
from collections.abc import Mapping, Sequence
from typing import Any

from fastapi import Response
from starlette.responses import Response as Answer

from models.orders import Orders
from models.tables import EntryKind, JobKind, JobState
from service.analyses.run import without_additions
from service.api.context import Context, ServiceContext
from service.api.cursors import Listed
from service.api.job_resource import JobResource, job_resource
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
from service.console.registry import PAGES
from service.console.view import OpenView, page_router
from service.reserves.period import NextStep, period_of, worked_out
from service.store.cases import CaseRepository
from service.store.jobs import JobRepository
from service.store.part import Part
from service.store.reserves import ReserveLedger, ReserveRepository

NUMBER_OF_SOLVES_SHOWN = 5

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
    page = list_reserve_entries(reserve_id, response, context, listed)
    chains = lots_of(context, reserve_id)
    reserve = get_reserve(reserve_id, context)
    with context.database.reading() as session:
        period = period_of(
            ReserveLedger(session, ReserveRepository(session).get(reserve_id))
        )
        job = None if period.job is None else job_resource(period.job, None)
        answer: Mapping[str, Any] = {}
        if period.next_step is NextStep.ENTER_ORDERS:
            answer = worked_out(session, period.job)
    return view.page(
        reserve=reserve,
        period=period,
        job=job,
        orders=Orders.model_validate(without_additions(answer)) if answer else None,
        warnings=answer.get("warnings", []),
        names=_material_names(context, reserve),
        solves=_solves(context, reserve),
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


def _solves(
    context: Context, reserve: StandingReserveResource
) -> Sequence[JobResource]:
    """Return the latest solves of the last position that have a plan."""
    if reserve.position is None:
        return []
    with context.database.reading() as session:
        found = JobRepository(session).page(
            Part(NUMBER_OF_SOLVES_SHOWN),
            state=JobState.SUCCEEDED,
            kind=JobKind.SOLVE,
            case_hash=reserve.position.content_hash,
        )
        return [job_resource(x, None) for x in found if x.plan_hash is not None]


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
