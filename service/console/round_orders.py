"""The order of a round: who may take part, until when, and the rights on offer."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from fastapi import Response as ApiResponse
from starlette.responses import Response

from models.mistakes import Mistake
from models.round import RoundRight
from service.api.context import Context, ServiceContext
from service.api.identity import RequestingAuthor
from service.api.rounds import open_a_round
from service.console.forms import Fields, number_in
from service.console.page import translatable
from service.console.registry import FORMS, PAGES
from service.console.view import OpenView, View, page_router, redirect
from service.errors import MalformedOrderError
from service.store.cases import CaseRepository

# The fields of a right in the order of the form. Those further down are folded.
TERMS: Mapping[str, str] = {
    "id": translatable("Name of the right"),
    "material": translatable("Material"),
    "inventory_price_factor": translatable("Price, multiple of the market price"),
    "inventory_price_usd_per_tonne": translatable("Or a fixed price, dollars a tonne"),
    "maximum_lots": translatable("Most lots a participant may ask for"),
    "upfront_fee_rate": translatable("Upfront fee, share of the price"),
    "carrying_fee_rate_per_year": translatable("Carrying fee a year, share"),
}
FURTHER_TERMS: Mapping[str, str] = {
    "draw_limit_per_month": translatable("Drawn a month at most, share"),
    "coverage": translatable("Of the own gap at most, share"),
    "access_alert": translatable("Drawn from alert level"),
    "replenish_within_periods": translatable("Periods to put back"),
    "repurchase_period": translatable("Taken over in period"),
}
MATERIAL = "material"
MOST_RIGHTS = 20
INVITED = "participant-"  # begins the names of boxes; the participant is the value
UTC = "Z"

router = page_router()


@dataclass(frozen=True, slots=True)
class TermField:
    """A term of a right in the form: what it means, what was typed, what is wrong."""

    name: str
    label: str
    meaning: str
    default: object
    given: str
    mistake: str


@dataclass(frozen=True, slots=True)
class RightRow:
    """A right in the form. Nothing is offered where its name and price are empty."""

    number: int
    terms: Sequence[TermField]
    further: Sequence[TermField]


@router.get(PAGES["show_round_order"].path)
def show_round_order(
    content_hash: str, view: OpenView, context: ServiceContext
) -> Response:
    """Return the form of a round for a case."""
    return _page(content_hash, view, context, {}, [])


@router.post(FORMS["open_round"].path)
def open_round(
    content_hash: str,
    view: OpenView,
    context: ServiceContext,
    author: RequestingAuthor,
    fields: Fields,
) -> Response:
    """Open a round, and lead to its page; or show the form with one right more."""
    if "more" in fields:
        return _page(content_hash, view, context, fields, [])
    order = {
        "case": content_hash,
        "name": fields.get("name", ""),
        "closes_at": _instant(fields.get("closes_at", "")),
        "participants": [x for name, x in fields.items() if name.startswith(INVITED)],
        "rights": [_right(fields, number) for number in _given(fields)],
    }
    try:
        made = open_a_round(order, ApiResponse(), context, author)
    except MalformedOrderError as error:
        return _page(content_hash, view, context, fields, error.mistakes)
    return redirect(f"/console/rounds/{made.id}")


def _page(
    content_hash: str,
    view: View,
    context: Context,
    given: Mapping[str, str],
    mistakes: Sequence[Mistake],
) -> Response:
    with context.database.reading() as session:
        case = json.loads(CaseRepository(session).text(content_hash))
    invited = {x for name, x in given.items() if name.startswith(INVITED)}
    wrong = {x.path: x.expected for x in mistakes}
    places = {number: place for place, number in enumerate(_given(given))}
    return view.answer(
        PAGES["show_round_order"].template,
        PAGES["show_round_order"],
        status=422 if mistakes else 200,
        content_hash=content_hash,
        case_name=case["name"],
        materials=[(x["id"], x["name"]) for x in case["materials"]],
        participants=case["participants"],
        invited=invited if given else {x["id"] for x in case["participants"]},
        given=given,
        mistakes=mistakes,
        wrong=wrong,
        rows=[
            _row(given, wrong, number, places.get(number))
            for number in range(1, _number_of_rows(given) + 1)
        ],
        has_room=_number_of_rows(given) < MOST_RIGHTS,
    )


def _number_of_rows(given: Mapping[str, str]) -> int:
    """Return how many rights the form has room for: as many as it had, or one more."""
    had = [int(x) for x in [given.get("rows", "")] if x.isdecimal() and len(x) <= 2]  # noqa: PLR2004
    number = max([1, *had]) + ("more" in given)
    return min(number, MOST_RIGHTS)


def _given(fields: Mapping[str, str]) -> Sequence[int]:
    """Return the numbers of the rights of which anything was typed."""
    typed = [x for x in TERMS if x != MATERIAL]
    numbers = range(1, _number_of_rows(fields) + 1)
    return [x for x in numbers if any(fields.get(f"{y}_{x}") for y in typed)]


def _right(fields: Mapping[str, str], number: int) -> dict[str, Any]:
    typed = {x: fields.get(f"{x}_{number}", "") for x in (*TERMS, *FURTHER_TERMS)}
    words = {"id", MATERIAL}
    return {
        x: text if x in words else number_in(text) for x, text in typed.items() if text
    }


def _row(
    given: Mapping[str, str], wrong: Mapping[str, str], number: int, place: int | None
) -> RightRow:
    def field(name: str, label: str) -> TermField:
        described = RoundRight.model_fields[name]
        where = f"rights[{place}]"
        # What is wrong with the two prices together is said at the first.
        mistake = wrong.get(f"{where}.{name}") or (
            wrong.get(where, "") if name == "inventory_price_factor" else ""
        )
        return TermField(
            name,
            label,
            described.description or "",
            "" if described.is_required() else described.default,
            given.get(f"{name}_{number}", ""),
            mistake if place is not None else "",
        )

    return RightRow(
        number,
        [field(x, label) for x, label in TERMS.items()],
        [field(x, label) for x, label in FURTHER_TERMS.items()],
    )


def _instant(text: str) -> str:
    """Return a time of a form, which is in UTC, as orders write it."""
    has_zone = text.endswith(UTC) or "+" in text
    return text if has_zone or not text else f"{text}{UTC}"
