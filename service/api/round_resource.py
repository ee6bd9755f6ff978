"""Rounds, offers and awards in answers."""

import datetime as dt
from collections.abc import Sequence

from pydantic import BaseModel, Field

from models.explanation import RightReason
from models.plan import Award, Plan
from models.round import OfferedRight, OfferKey
from models.tables import Round, RoundOffer
from service.api.paths import versioned
from service.rounds.conduct import rights_of
from service.rounds.states import RoundState, state_of


class RoundResource(BaseModel):
    """A round, as all who take part may see it."""

    id: str
    name: str
    state: RoundState
    rights: list[OfferedRight]
    created_at: dt.datetime = Field(description="UTC.")
    closes_at: dt.datetime = Field(
        description="UTC, by the clock of the database; later offers are refused."
    )
    published_at: dt.datetime | None = Field(description="UTC; null if not yet.")
    href: str


class ConductedRoundResource(RoundResource):
    """A round, as its managers see it."""

    case: str = Field(description="Hash of the case that rights are offered for.")
    participants: list[str] = Field(description="Who may make offers.")
    plan: str | None = Field(description="Hash of the published plan.")
    explanation: str | None = Field(
        description="Hash of the analysis whose reasons are published."
    )


class OfferResource(BaseModel):
    """An offer of a participant."""

    right: str = Field(description="Name of a right of the round.")
    minimum_lots: int = Field(description="Least award, if any.")
    maximum_lots: int = Field(description="Largest award.")
    version: int = Field(description="Counts its changes.")
    changed_at: dt.datetime = Field(description="UTC.")
    is_withdrawn: bool


class ParticipantOfferResource(OfferResource):
    """An offer, with whose it is."""

    participant: str
    account: str = Field(description="Who changed it last.")


class NextLotResource(BaseModel):
    """One lot more than was awarded, at the terms of the round."""

    tonnes: float
    price_usd_per_tonne: float = Field(description="Of draws and of the repurchase.")
    upfront_fee_usd: float = Field(description="Paid at the start.")
    carrying_fee_usd_per_year: float = Field(description="While all of it is held.")


class OwnAwardResource(BaseModel):
    """What became of a right that a participant asked for."""

    right: str
    asked_lots: int = Field(description="Largest award that the offer allowed.")
    award: Award | None = Field(description="Null if it was not awarded.")
    terms: str = Field(description="What was awarded, in a sentence.")
    reason: str | None = Field(
        description="Why it is not larger; null unless reasons are published."
    )
    next_lot: NextLotResource | None = Field(
        description="Null if the round offers no participant more."
    )


def own_round(found: Round, now: dt.datetime) -> RoundResource:
    """Return what each planner who takes part sees of a round."""
    return _round(found, now, versioned(f"/own/rounds/{found.id}"))


def _round(found: Round, now: dt.datetime, href: str) -> RoundResource:
    return RoundResource(
        id=found.id,
        name=found.name,
        state=state_of(found, now),
        rights=list(rights_of(found)),
        created_at=found.created_at,
        closes_at=found.closes_at,
        published_at=found.published_at,
        href=href,
    )


def conducted_round(found: Round, now: dt.datetime) -> ConductedRoundResource:
    """Return what managers see of a round."""
    return ConductedRoundResource(
        **dict(_round(found, now, versioned(f"/rounds/{found.id}"))),
        case=found.case_hash,
        participants=found.participants,
        plan=found.plan_hash,
        explanation=found.explanation_hash,
    )


def offer_resource(row: RoundOffer) -> OfferResource:
    """Return an offer, as its participant sees it."""
    return OfferResource(
        right=row.right,
        minimum_lots=row.minimum_lots,
        maximum_lots=row.maximum_lots,
        version=row.version,
        changed_at=row.changed_at,
        is_withdrawn=row.withdrawn_at is not None,
    )


def participant_offer(row: RoundOffer) -> ParticipantOfferResource:
    """Return an offer, as managers see it once the round has closed."""
    return ParticipantOfferResource(
        **dict(offer_resource(row)), participant=row.participant, account=row.account
    )


def own_awards(
    found: Round,
    plan: Plan,
    reasons: Sequence[RightReason],
    offers: Sequence[RoundOffer],
) -> list[OwnAwardResource]:
    """Return what became of the offers of one participant that stand.

    Nothing of it is of the other participants.
    """
    awards = {award.offer: award for award in plan.awards}
    said = {x.offer: _own_reason(x) for x in reasons}
    rights = {right.id: right for right in rights_of(found)}
    resources: list[OwnAwardResource] = []
    for row in offers:
        if row.withdrawn_at is None:
            name = OfferKey(row.participant, row.right).offer
            award = awards.get(name)
            resources.append(
                OwnAwardResource(
                    right=row.right,
                    asked_lots=row.maximum_lots,
                    award=award,
                    terms=_terms(row, award),
                    reason=said.get(name),
                    next_lot=_next_lot(rights[row.right], award),
                )
            )
    return resources


def _terms(row: RoundOffer, award: Award | None) -> str:
    if award is None:
        return f"None of up to {row.maximum_lots:,} lots is reserved for you."
    cover = f"{award.tonnes:,.6g} t, {award.days_of_own_cover:,.0f} days of need"
    lots = f"{award.lots:,} of up to {row.maximum_lots:,} lots"
    return f"{lots} are reserved for you: {cover}."


def _own_reason(found: RightReason) -> str:
    """Return why a right is no larger, without limits of the reserve and of others."""
    if any(limit in found.reason for limit in found.limits):
        return "A larger award does not fit within the limits of the reserve."
    return found.reason


def _next_lot(right: OfferedRight, award: Award | None) -> NextLotResource | None:
    lots = 0 if award is None else award.lots
    if right.maximum_lots is not None and lots >= right.maximum_lots:
        return None
    return NextLotResource(
        tonnes=right.lot_tonnes,
        price_usd_per_tonne=right.price_usd_per_tonne,
        upfront_fee_usd=right.upfront_fee_usd(1),
        carrying_fee_usd_per_year=right.carrying_fee_usd_per_year(1),
    )
