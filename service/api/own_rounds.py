"""Rounds, as a planner takes part in them: own offers and awards, none of others."""

import json

from fastapi import APIRouter, Response
from sqlmodel import Session

from models.explanation import RightReason
from models.plan import Plan
from models.round import OfferKey, SealedOffer
from models.tables import Round
from service.api.answers import Page
from service.api.bodies import JsonBody
from service.api.context import OrganisationContext
from service.api.cursors import Listed
from service.api.identity import OwnParticipant, RequestingAuthor
from service.api.orders import described_body, read_order
from service.api.paths import VERSION
from service.api.problem_types import problems
from service.api.round_resource import (
    OfferResource,
    OwnAwardResource,
    RoundResource,
    offer_resource,
    own_awards,
    own_round,
)
from service.errors import (
    OfferNotFoundError,
    RightNotFoundError,
    RoundNotFoundError,
    RoundStateError,
)
from service.rounds.conduct import place_offer, withdraw_offer
from service.rounds.states import RoundAction, check
from service.store.analyses import AnalysisRepository
from service.store.audit_log import AuditTrail
from service.store.plans import PlanRepository
from service.store.rounds import RoundRepository

router = APIRouter(prefix=f"{VERSION}/own/rounds", tags=["rounds"])

MISSING = problems(RoundNotFoundError)
CHANGED = problems(RoundNotFoundError, RoundStateError)
OFFERED = problems(RoundNotFoundError, RightNotFoundError, RoundStateError)


@router.get("")
def list_own_rounds(
    response: Response,
    context: OrganisationContext,
    listed: Listed,
    participant: OwnParticipant,
) -> Page[RoundResource]:
    """List the rounds that the own participant may make offers in."""
    with context.database.reading() as session:
        rounds = RoundRepository(session)
        now = rounds.now()
        found = rounds.page_of(participant, listed.part)
    items = [own_round(x, now) for x in listed.shown(found)]
    position = listed.following([x.sequence for x in found])
    return listed.page(response, items, position)


@router.get("/{round_id}", responses=MISSING)
def get_own_round(
    round_id: str, context: OrganisationContext, participant: OwnParticipant
) -> RoundResource:
    """Return a round that the own participant may make offers in."""
    with context.database.reading() as session:
        rounds = RoundRepository(session)
        return own_round(rounds.of(round_id, participant), rounds.now())


@router.get("/{round_id}/offers", responses=MISSING)
def list_own_offers(
    round_id: str, context: OrganisationContext, participant: OwnParticipant
) -> list[OfferResource]:
    """List the own offers, withdrawn ones too."""
    with context.database.reading() as session:
        rounds = RoundRepository(session)
        found = rounds.of(round_id, participant)
        return [offer_resource(x) for x in rounds.offers(found, participant)]


@router.put(
    "/{round_id}/offers/{right}",
    openapi_extra=described_body(SealedOffer),
    responses=OFFERED,
)
def put_own_offer(
    round_id: str,
    right: str,
    raw: JsonBody,
    context: OrganisationContext,
    author: RequestingAuthor,
    participant: OwnParticipant,
) -> OfferResource:
    """Make or change an own offer, until the round closes."""
    offer, key = read_order(SealedOffer, raw), OfferKey(participant, right)
    with context.database.transaction() as session:
        row = place_offer(session, round_id, key, offer, account=author.actor)
        AuditTrail(session, author, row.changed_at).add("offer", "round", round_id)
        return offer_resource(row)


@router.delete(
    "/{round_id}/offers/{right}",
    responses=problems(RoundNotFoundError, OfferNotFoundError, RoundStateError),
)
def withdraw_own_offer(
    round_id: str,
    right: str,
    context: OrganisationContext,
    author: RequestingAuthor,
    participant: OwnParticipant,
) -> OfferResource:
    """Take back an own offer, until the round closes."""
    key = OfferKey(participant, right)
    with context.database.transaction() as session:
        row = withdraw_offer(session, round_id, key, account=author.actor)
        AuditTrail(session, author, row.changed_at).add("withdraw", "round", round_id)
        return offer_resource(row)


@router.get("/{round_id}/awards", responses=CHANGED)
def list_own_awards(
    round_id: str, context: OrganisationContext, participant: OwnParticipant
) -> list[OwnAwardResource]:
    """List what became of the own offers, once the awards are published."""
    with context.database.reading() as session:
        rounds = RoundRepository(session)
        found = rounds.of(round_id, participant)
        check(found, RoundAction.READ_AWARDS, rounds.now())
        plan = Plan.model_validate_json(
            PlanRepository(session).text(str(found.plan_hash))
        )
        reasons = _reasons(session, found)
        offers = rounds.offers(found, participant)
    return own_awards(found, plan, reasons, offers)


def _reasons(session: Session, found: Round) -> list[RightReason]:
    """Return why rights are no larger, as far as that is published."""
    if found.explanation_hash is None:
        return []
    text = AnalysisRepository(session).text(found.explanation_hash)
    return [RightReason.model_validate(x) for x in json.loads(text)["rights"]]
