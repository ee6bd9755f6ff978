"""Rights that a planner's company holds: draws, and lots for and from others."""

from collections.abc import Mapping, Sequence

from starlette.responses import Response as Answer

from models.mistakes import Mistake
from service.api.context import OrganisationContext
from service.api.identity import OwnParticipant, RequestingAuthor
from service.api.own_rights import (
    draw_on_own_right,
    offer_own_lots,
    replenish_own_right,
    take_offered_lots,
    withdraw_own_lots,
)
from service.console.forms import Fields, number_in
from service.console.own_rounds import Refused, round_page
from service.console.registry import FORMS
from service.console.view import OpenView, page_router, redirect
from service.errors import MalformedOrderError

router = page_router()

TONNES, LOTS = "tonnes", "lots"


@router.post(FORMS["draw"].path)
def draw(  # noqa: PLR0913, PLR0917 - the request, and who makes it
    round_id: str,
    right: str,
    view: OpenView,
    context: OrganisationContext,
    author: RequestingAuthor,
    participant: OwnParticipant,
    fields: Fields,
) -> Answer:
    """Draw on a right, and lead back to the round."""
    try:
        draw_on_own_right(
            round_id, right, _order(fields, TONNES), context, author, participant
        )
    except MalformedOrderError as error:
        refused = Refused("draw", right, fields, _said(TONNES, error.mistakes))
        return round_page(round_id, view, context, participant, refused)
    return _back(round_id)


@router.post(FORMS["put_back"].path)
def put_back(  # noqa: PLR0913, PLR0917 - the request, and who makes it
    round_id: str,
    right: str,
    view: OpenView,
    context: OrganisationContext,
    author: RequestingAuthor,
    participant: OwnParticipant,
    fields: Fields,
) -> Answer:
    """Put back what was drawn, and lead back to the round."""
    try:
        replenish_own_right(
            round_id, right, _order(fields, TONNES), context, author, participant
        )
    except MalformedOrderError as error:
        refused = Refused("put_back", right, fields, _said(TONNES, error.mistakes))
        return round_page(round_id, view, context, participant, refused)
    return _back(round_id)


@router.post(FORMS["offer_lots"].path)
def offer_lots(  # noqa: PLR0913, PLR0917 - the request, and who makes it
    round_id: str,
    right: str,
    view: OpenView,
    context: OrganisationContext,
    author: RequestingAuthor,
    participant: OwnParticipant,
    fields: Fields,
) -> Answer:
    """Offer lots to the other participants, and lead back to the round."""
    try:
        offer_own_lots(
            round_id, right, _order(fields, LOTS), context, author, participant
        )
    except MalformedOrderError as error:
        refused = Refused("offer_lots", right, fields, _said(LOTS, error.mistakes))
        return round_page(round_id, view, context, participant, refused)
    return _back(round_id)


@router.post(FORMS["take_lots"].path)
def take_lots(
    round_id: str,
    transfer_id: str,
    context: OrganisationContext,
    author: RequestingAuthor,
    participant: OwnParticipant,
) -> Answer:
    """Take lots that another participant offers, and lead back to the round."""
    take_offered_lots(round_id, transfer_id, context, author, participant)
    return _back(round_id)


@router.post(FORMS["withdraw_lots"].path)
def withdraw_lots(
    round_id: str,
    transfer_id: str,
    context: OrganisationContext,
    author: RequestingAuthor,
    participant: OwnParticipant,
) -> Answer:
    """Take back own lots that nobody has taken, and lead back to the round."""
    withdraw_own_lots(round_id, transfer_id, context, author, participant)
    return _back(round_id)


def _order(fields: Mapping[str, str], name: str) -> Mapping[str, object]:
    return {name: number_in(fields[name])} if fields.get(name) else {}


def _said(name: str, mistakes: Sequence[Mistake]) -> Mapping[str, str]:
    return {name: "; ".join(x.expected for x in mistakes)}


def _back(round_id: str) -> Answer:
    return redirect(f"/console/own/rounds/{round_id}")
