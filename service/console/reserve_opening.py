"""Opening a reserve from a case or with a plan, and putting a plan in force."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from fastapi import Response as Answer
from starlette.responses import Response

from models.mistakes import Mistake
from models.tables import EntryKind
from service.api.context import Context, ServiceContext
from service.api.identity import RequestingAuthor
from service.api.reserve_resource import ReserveResource, reserve_resource
from service.api.reserves import append_reserve_entry, get_reserve, open_a_reserve
from service.console.forms import Fields
from service.console.registry import FORMS, PAGES
from service.console.view import OpenView, View, page_router, redirect
from service.errors import MalformedOrderError
from service.reserves.content import has_position
from service.reserves.standing import last_standing
from service.store.audit_log import Author
from service.store.cases import CaseRepository
from service.store.part import Part
from service.store.plans import PlanRepository
from service.store.reserves import ReserveLedger, ReserveRepository

NUMBER_OF_RESERVES_SHOWN = 20

router = page_router()


@dataclass(frozen=True, slots=True)
class ReserveForPlan:
    """A reserve that a plan may be put in force in.

    has_position: whether the plan is of its last position. is_in_force: whether it has
    the plan already.
    """

    reserve: ReserveResource
    has_position: bool
    is_in_force: bool


@router.get(PAGES["show_reserve_opening"].path)
def show_reserve_opening(
    content_hash: str, view: OpenView, context: ServiceContext
) -> Response:
    """Return the form to open a reserve that stands where a case begins."""
    return _of_case(content_hash, view, context, {}, [])


@router.post(FORMS["open_reserve_of_case"].path)
def open_reserve_of_case(
    content_hash: str,
    view: OpenView,
    context: ServiceContext,
    author: RequestingAuthor,
    fields: Fields,
) -> Response:
    """Open a reserve with the position of a case, and lead to it."""
    _case_name(context, content_hash)
    try:
        new = _opened(context, author, fields, content_hash)
    except MalformedOrderError as error:
        return _of_case(content_hash, view, context, fields, error.mistakes)
    return redirect(f"/console/reserves/{new.id}")


@router.get(PAGES["show_putting_in_force"].path)
def show_putting_in_force(
    content_hash: str, view: OpenView, context: ServiceContext
) -> Response:
    """Return the reserves that a plan fits, and the form to open one with it."""
    return _of_plan(content_hash, view, context, {}, [])


@router.post(FORMS["open_reserve_with_plan"].path)
def open_reserve_with_plan(
    content_hash: str,
    view: OpenView,
    context: ServiceContext,
    author: RequestingAuthor,
    fields: Fields,
) -> Response:
    """Open a reserve where the case of a plan begins, with the plan in force."""
    with context.database.reading() as session:
        case_hash = PlanRepository(session).case_hash(content_hash)
    try:
        new = _opened(context, author, fields, case_hash)
    except MalformedOrderError as error:
        return _of_plan(content_hash, view, context, fields, error.mistakes)
    enter(context, author, new.id, new.head, EntryKind.PLAN, plan=content_hash)
    return redirect(f"/console/reserves/{new.id}")


@router.post(FORMS["put_in_force"].path)
def put_in_force(
    reserve_id: str, context: ServiceContext, author: RequestingAuthor, fields: Fields
) -> Response:
    """Put a plan in force from now on, and lead to the reserve.

    The page that has the form names the last entry that it showed.
    """
    get_reserve(reserve_id, context)
    head, plan = fields.get("head", ""), fields.get("plan", "")
    enter(context, author, reserve_id, head, EntryKind.PLAN, plan=plan)
    return redirect(f"/console/reserves/{reserve_id}")


def enter(
    context: Context,
    author: Author,
    reserve_id: str,
    head: str,
    kind: EntryKind,
    **said: object,
) -> str:
    """Add an entry after the last one; return its hash."""
    raw = {"predecessor": head, "kind": kind.value, **said}
    return append_reserve_entry(reserve_id, raw, Answer(), context, author).hash


def _opened(
    context: Context, author: Author, fields: Mapping[str, str], case_hash: str
) -> ReserveResource:
    """Open a reserve that stands where a case begins, or raise MalformedOrderError."""
    new = open_a_reserve({"name": fields.get("name", "")}, Answer(), context, author)
    head = enter(context, author, new.id, new.head, EntryKind.POSITION, case=case_hash)
    return new.model_copy(update={"head": head})


def _of_case(
    content_hash: str,
    view: View,
    context: Context,
    given: Mapping[str, str],
    mistakes: Sequence[Mistake],
) -> Response:
    entry = PAGES["show_reserve_opening"]
    return view.answer(
        entry.template,
        entry,
        status=422 if mistakes else 200,
        content_hash=content_hash,
        case_name=_case_name(context, content_hash),
        given=given,
        mistakes={x.path: x.expected for x in mistakes},
    )


def _of_plan(
    content_hash: str,
    view: View,
    context: Context,
    given: Mapping[str, str],
    mistakes: Sequence[Mistake],
) -> Response:
    entry = PAGES["show_putting_in_force"]
    with context.database.reading() as session:
        case_hash = PlanRepository(session).case_hash(content_hash)
        found = ReserveRepository(session).page(Part(NUMBER_OF_RESERVES_SHOWN))
        reserves = [
            _for_plan(ReserveLedger(session, x), content_hash, case_hash) for x in found
        ]
    return view.answer(
        entry.template,
        entry,
        status=422 if mistakes else 200,
        content_hash=content_hash,
        case_hash=case_hash,
        case_name=_case_name(context, case_hash),
        reserves=reserves,
        given=given,
        mistakes={x.path: x.expected for x in mistakes},
    )


def _for_plan(ledger: ReserveLedger, plan_hash: str, case_hash: str) -> ReserveForPlan:
    position = last_standing(ledger, EntryKind.POSITION)
    plan = last_standing(ledger, EntryKind.PLAN)
    return ReserveForPlan(
        reserve_resource(ledger.of),
        position is not None and has_position(ledger.session, case_hash, position.said),
        plan is not None and plan.said.plan_hash == plan_hash,
    )


def _case_name(context: Context, content_hash: str) -> str:
    """Return what people call a stored case, or raise CaseNotFoundError."""
    with context.database.reading() as session:
        return CaseRepository(session).described(content_hash).name
