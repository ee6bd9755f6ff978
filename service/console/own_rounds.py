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
from service.api.own_rights import (
    list_own_entries,
    list_own_holdings,
    list_own_transfers,
)
from service.api.own_rounds import (
    get_own_round,
    list_own_awards,
    list_own_offers,
    list_own_rounds,
    put_own_offer,
    withdraw_own_offer,
)
from service.api.round_resource import OfferResource
from service.console.forms import Fields, number_in
from service.console.registry import FORMS, PAGES
from service.console.view import OpenView, View, page_router, redirect
from service.errors import MalformedOrderError
from service.rounds.states import RoundState

router = page_router()


@dataclass(frozen=True, slots=True)
class Refused:
    """A form of the page of a round that was refused: which, and for which right.

    typed: what it was sent with. mistakes: what is wrong, by field.
    """

    form: str
    right: str
    typed: Mapping[str, str]
    mistakes: Mapping[str, str]

    def is_of(self, form: str, right: str) -> bool:
        """Whether it is this form for this right."""
        return (self.form, self.right) == (form, right)


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
    return round_page(round_id, view, context, participant)


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
    raw = {x: number_in(fields[x]) for x in SealedOffer.model_fields if fields.get(x)}
    try:
        put_own_offer(round_id, right, raw, context, author, participant)
    except MalformedOrderError as error:
        refused = Refused("make_offer", right, fields, _said(error.mistakes))
        return round_page(round_id, view, context, participant, refused)
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


def round_page(
    round_id: str,
    view: View,
    context: Context,
    participant: str,
    refused: Refused | None = None,
) -> Answer:
    """Return the page of a round; refused: the form that leads to it, if one was."""
    found = get_own_round(round_id, context, participant)
    offers = {x.right: x for x in list_own_offers(round_id, context, participant)}
    is_published = found.state is RoundState.PUBLISHED
    asked = (round_id, context, participant)
    entry = PAGES["show_own_round"]
    return view.answer(
        entry.template,
        entry,
        status=422 if refused else 200,
        round=found,
        offers=offers.values(),
        forms=[_form(x, offers.get(x.id), refused) for x in found.rights],
        refused=refused,
        is_open=found.state is RoundState.OPEN,
        is_published=is_published,
        awards=list_own_awards(*asked) if is_published else [],
        holdings=list_own_holdings(*asked) if is_published else [],
        entries=list_own_entries(*asked) if is_published else [],
        transfers=list_own_transfers(*asked) if is_published else [],
    )


def _form(
    right: OfferedRight, offer: OfferResource | None, refused: Refused | None
) -> OfferForm:
    stands = offer if offer is not None and not offer.is_withdrawn else None
    if refused is not None and refused.is_of("make_offer", right.id):
        return OfferForm(right, stands, refused.typed, refused.mistakes)
    given = {} if stands is None else {x: str(y) for x, y in dict(stands).items()}
    return OfferForm(right, stands, given, {})


def _said(mistakes: Sequence[Mistake]) -> Mapping[str, str]:
    """Return what is wrong by field; between the two numbers it is the second."""
    return {
        x.path if x.path in SealedOffer.model_fields else "maximum_lots": x.expected
        for x in mistakes
    }
