"""The orders of a period: worked out by a job, looked at, and entered in the ledger."""

import json
from collections.abc import Mapping
from typing import Any

from starlette.responses import Response

from models.reading import read_stored_instance
from models.tables import EntryKind
from service.api.analyses import ordered_analysis
from service.api.cases import put_listed
from service.api.context import Context, ServiceContext
from service.api.identity import RequestingAuthor
from service.console.forms import Fields
from service.console.registry import FORMS
from service.console.reserve_opening import enter
from service.console.view import page_router, redirect
from service.reserves.period import (
    NextStep,
    ReservePeriod,
    next_case_file,
    order_of_orders,
    orders_of,
    period_of,
    worked_out,
)
from service.store.audit_log import Author
from service.store.reserves import ReserveLedger, ReserveRepository

# Of orders that are entered again, as what they follow from was corrected.
CORRECTED = "What they follow from was corrected."

router = page_router()


@router.post(FORMS["work_out_orders"].path)
def work_out_orders(
    reserve_id: str, context: ServiceContext, author: RequestingAuthor
) -> Response:
    """Order what follows from the facts of the period, and lead to the reserve."""
    work_out(context, author, reserve_id)
    return redirect(f"/console/reserves/{reserve_id}")


@router.post(FORMS["enter_orders"].path)
def enter_orders(
    reserve_id: str, context: ServiceContext, author: RequestingAuthor, fields: Fields
) -> Response:
    """Enter the orders and the position that they lead to, and lead to the reserve."""
    with context.database.reading() as session:
        ledger = ReserveLedger(session, ReserveRepository(session).get(reserve_id))
        period = period_of(ledger)
        step = period.next_step
        answer = _answer(ledger, period)
    if step not in {NextStep.ENTER_ORDERS, NextStep.MOVE_ON}:
        return redirect(f"/console/reserves/{reserve_id}")
    place, head = (context, author, reserve_id), fields.get("head", "")
    following = _following(context, author, period, answer)
    if step is NextStep.ENTER_ORDERS:
        if period.orders is None:
            head = enter(*place, head, EntryKind.ORDERS, document=answer)
        else:
            said = {"corrects": period.orders.entry.entry_hash, "reason": CORRECTED}
            head = enter(*place, head, EntryKind.CORRECTION, **said, document=answer)
    if following is not None:
        enter(*place, head, EntryKind.POSITION, case=following)
    return redirect(f"/console/reserves/{reserve_id}")


def work_out(context: Context, author: Author, reserve_id: str) -> None:
    """Order the orders of the period, if there is all that they follow from."""
    with context.database.reading() as session:
        ledger = ReserveLedger(session, ReserveRepository(session).get(reserve_id))
        period = period_of(ledger)
        position, plan, seen = period.position, period.plan, period.observation
        if position is None or plan is None or seen is None:
            return
        order = order_of_orders(ledger, position, plan, seen)
    ordered_analysis(context, author, order)


def _answer(ledger: ReserveLedger, period: ReservePeriod) -> Mapping[str, Any]:
    """Return the orders as they were worked out, or else as they are entered."""
    if period.orders is not None and period.are_orders_entered:
        return orders_of(period.orders).model_dump(mode="json")
    if period.next_step is not NextStep.ENTER_ORDERS:
        return {}
    return worked_out(ledger.session, period.job)


def _following(
    context: Context, author: Author, period: ReservePeriod, answer: Mapping[str, Any]
) -> str | None:
    """Return the stored case that comes next; None if the horizon ends."""
    with context.database.reading() as session:
        file = next_case_file(session, period.job)
    if file is None:
        return answer.get("next_instance_hash")
    case = read_stored_instance(json.loads(context.objects.get(file.sha256)))
    stored, _ = put_listed(context, author, case)
    return stored.hash
