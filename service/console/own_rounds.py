"""Rounds, as a planner takes part in them: offers, awards and rights of its own."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from fastapi import Response
from starlette.responses import Response as Answer

from models.mistakes import Mistake
from models.round import OfferedRight, SealedOffer
from service.api.context import Context, OrganisationContext
from service.api.cursors import Listed
from service.api.identity import OwnParticipant, RequestingAuthor
from service.api.own_rights import list_own_entries, list_own_holdings
from service.api.own_rounds import (
    get_own_round,
    list_own_awards,
    list_own_offers,
    list_own_rounds,
    put_own_offer,
    withdraw_own_offer,
)
from service.api.round_resource import OfferResource
from service.console.forms import Fields
from service.console.registry import FORMS, PAGES
from service.console.view import OpenView, View, page_router, redirect
from service.errors import MalformedOrderError
from service.rounds.states import RoundState

router = page_router()


@dataclass(frozen=True, slots=True)
class OfferForm:
    """The form of an offer for a right: what stands, what was typed, and mistakes.

    offer: None if there is none, or it was withdrawn.
    """

    right: OfferedRight
    offer: OfferResource | None
    given: Mapping[str, str]
    mistakes: Mapping[str, str]


@router.get(PAGES["show_own_rounds"].path)
def show_own_rounds(
    view: OpenView,
    context: OrganisationContext,
    response: Response,
    listed: Listed,
    participant: OwnParticipant,
) -> Answer:
    """Return the rounds that the participant may make offers in, in pages."""
    page = list_own_rounds(response, context, listed, participant)
    return view.page(rounds=page.items, following=page.next)


@router.get(PAGES["show_own_round"].path)
def show_own_round(
    round_id: str,
    view: OpenView,
    context: OrganisationContext,
    participant: OwnParticipant,
) -> Answer:
    """Return a round: its rights, own offers, and what became of them."""
    return _page(round_id, view, context, participant)


@router.post(FORMS["make_offer"].path)
def make_offer(  # noqa: PLR0913, PLR0917 - the request, and who makes it
    round_id: str,
    right: str,
    view: OpenView,
    context: OrganisationContext,
    author: RequestingAuthor,
    participant: OwnParticipant,
    fields: Fields,
) -> Answer:
    """Make or change an offer, and lead back to the round."""
    raw = {x: _number(fields[x]) for x in SealedOffer.model_fields if fields.get(x)}
    try:
        put_own_offer(round_id, right, raw, context, author, participant)
    except MalformedOrderError as error:
        wrong = (right, fields, error.mistakes)
        return _page(round_id, view, context, participant, wrong)
    return redirect(f"/console/own/rounds/{round_id}")


@router.post(FORMS["withdraw_offer"].path)
def withdraw_offer(
    round_id: str,
    right: str,
    context: OrganisationContext,
    author: RequestingAuthor,
    participant: OwnParticipant,
) -> Answer:
    """Take back an offer, and lead back to the round."""
    withdraw_own_offer(round_id, right, context, author, participant)
    return redirect(f"/console/own/rounds/{round_id}")


def _page(
    round_id: str,
    view: View,
    context: Context,
    participant: str,
    wrong: tuple[str, Mapping[str, str], Sequence[Mistake]] | None = None,
) -> Answer:
    """Return the page of a round. wrong: a right, what was typed, and its mistakes."""
    found = get_own_round(round_id, context, participant)
    offers = {x.right: x for x in list_own_offers(round_id, context, participant)}
    is_published = found.state is RoundState.PUBLISHED
    asked = (round_id, context, participant)
    entry = PAGES["show_own_round"]
    return view.answer(
        entry.template,
        entry,
        status=422 if wrong else 200,
        round=found,
        offers=offers.values(),
        forms=[_form(x, offers.get(x.id), wrong) for x in found.rights],
        is_open=found.state is RoundState.OPEN,
        is_published=is_published,
        awards=list_own_awards(*asked) if is_published else [],
        holdings=list_own_holdings(*asked) if is_published else [],
        entries=list_own_entries(*asked) if is_published else [],
    )


def _form(
    right: OfferedRight,
    offer: OfferResource | None,
    wrong: tuple[str, Mapping[str, str], Sequence[Mistake]] | None,
) -> OfferForm:
    stands = offer if offer is not None and not offer.is_withdrawn else None
    if wrong is None or wrong[0] != right.id:
        given = {} if stands is None else {x: str(y) for x, y in dict(stands).items()}
        return OfferForm(right, stands, given, {})
    _, typed, mistakes = wrong
    # What is wrong between the two numbers is said at the second.
    said = {
        x.path if x.path in SealedOffer.model_fields else "maximum_lots": x.expected
        for x in mistakes
    }
    return OfferForm(right, stands, typed, said)


def _number(text: str) -> int | str:
    """Return the whole number that a text writes, or else the text."""
    try:
        return int(text)
    except ValueError:
        return text
