"""Rights that a participant holds: draws, replenishments, lots for others."""

from fastapi import APIRouter
from pydantic import BaseModel, ConfigDict, Field

from models.round import MOST_LOTS, OfferKey
from models.units import PositiveTonnes
from service.api.bodies import JsonBody
from service.api.context import OrganisationContext
from service.api.identity import OwnParticipant, RequestingAuthor
from service.api.orders import described_body, read_order
from service.api.paths import VERSION
from service.api.problem_types import problems
from service.api.right_resource import (
    HoldingResource,
    LedgerEntryResource,
    TransferResource,
    entry_resource,
    holding_resource,
    transfer_resource,
)
from service.errors import (
    RightNotHeldError,
    RoundNotFoundError,
    RoundStateError,
    TransferNotFoundError,
    TransferStateError,
)
from service.rounds.holdings import draw, holdings, read_ledger, replenish
from service.rounds.transfers import is_seen, offer_lots, take_lots, withdraw_lots
from service.store.audit_log import AuditTrail

router = APIRouter(prefix=f"{VERSION}/own/rounds/{{round_id}}", tags=["rounds"])

READ = problems(RoundNotFoundError, RoundStateError)
HELD = problems(RoundNotFoundError, RightNotHeldError, RoundStateError)
TRANSFERRED = problems(
    RoundNotFoundError, TransferNotFoundError, RoundStateError, TransferStateError
)


class TonnesOrder(BaseModel):
    """How much is drawn or put back."""

    model_config = ConfigDict(extra="forbid", allow_inf_nan=False)

    tonnes: PositiveTonnes


class LotsOrder(BaseModel):
    """How many lots others may take."""

    model_config = ConfigDict(extra="forbid", strict=True)

    lots: int = Field(ge=1, le=MOST_LOTS)


@router.get("/holdings", responses=READ)
def list_own_holdings(
    round_id: str, context: OrganisationContext, participant: OwnParticipant
) -> list[HoldingResource]:
    """List what the own participant has of each right."""
    with context.database.reading() as session:
        rights, now = read_ledger(session, round_id, participant)
        return [holding_resource(x) for x in holdings(rights, participant, now)]


@router.get("/ledger", responses=READ)
def list_own_entries(
    round_id: str, context: OrganisationContext, participant: OwnParticipant
) -> list[LedgerEntryResource]:
    """List the changes of the own rights, oldest first."""
    with context.database.reading() as session:
        rights, _ = read_ledger(session, round_id, participant)
        return [entry_resource(x) for x in rights.entries(participant)]


@router.post(
    "/holdings/{right}/draws",
    status_code=201,
    openapi_extra=described_body(TonnesOrder),
    responses=HELD,
)
def draw_on_own_right(
    round_id: str,
    right: str,
    raw: JsonBody,
    context: OrganisationContext,
    author: RequestingAuthor,
    participant: OwnParticipant,
) -> LedgerEntryResource:
    """Draw on an own right at its price."""
    order, key = read_order(TonnesOrder, raw), OfferKey(participant, right)
    with context.database.transaction() as session:
        entry = draw(session, round_id, key, order.tonnes, account=author.actor)
        AuditTrail(session, author, entry.at).add("draw", "round", round_id)
        return entry_resource(entry)


@router.post(
    "/holdings/{right}/replenishments",
    status_code=201,
    openapi_extra=described_body(TonnesOrder),
    responses=HELD,
)
def replenish_own_right(
    round_id: str,
    right: str,
    raw: JsonBody,
    context: OrganisationContext,
    author: RequestingAuthor,
    participant: OwnParticipant,
) -> LedgerEntryResource:
    """Put back what was drawn."""
    order, key = read_order(TonnesOrder, raw), OfferKey(participant, right)
    with context.database.transaction() as session:
        entry = replenish(session, round_id, key, order.tonnes, account=author.actor)
        AuditTrail(session, author, entry.at).add("replenish", "round", round_id)
        return entry_resource(entry)


@router.post(
    "/holdings/{right}/transfers",
    status_code=201,
    openapi_extra=described_body(LotsOrder),
    responses=HELD,
)
def offer_own_lots(
    round_id: str,
    right: str,
    raw: JsonBody,
    context: OrganisationContext,
    author: RequestingAuthor,
    participant: OwnParticipant,
) -> TransferResource:
    """Offer lots of an own right to the other participants of the round."""
    order, key = read_order(LotsOrder, raw), OfferKey(participant, right)
    with context.database.transaction() as session:
        new = offer_lots(session, round_id, key, order.lots)
        trail = AuditTrail(session, author, new.offered_at)
        trail.add("offer", "transfer", new.id)
        return transfer_resource(new, participant)


@router.get("/transfers", responses=READ)
def list_own_transfers(
    round_id: str, context: OrganisationContext, participant: OwnParticipant
) -> list[TransferResource]:
    """List what others offer now, and what the own participant gave or took."""
    with context.database.reading() as session:
        rights, _ = read_ledger(session, round_id, participant)
        return [
            transfer_resource(x, participant)
            for x in rights.transfers()
            if is_seen(x, participant)
        ]


@router.post("/transfers/{transfer_id}/take", responses=TRANSFERRED)
def take_offered_lots(
    round_id: str,
    transfer_id: str,
    context: OrganisationContext,
    author: RequestingAuthor,
    participant: OwnParticipant,
) -> TransferResource:
    """Take lots that another participant offers, if a manager consents."""
    with context.database.transaction() as session:
        found = take_lots(session, round_id, transfer_id, participant)
        at = found.taken_at or found.offered_at
        AuditTrail(session, author, at).add("take", "transfer", transfer_id)
        return transfer_resource(found, participant)


@router.post("/transfers/{transfer_id}/withdraw", responses=TRANSFERRED)
def withdraw_own_lots(
    round_id: str,
    transfer_id: str,
    context: OrganisationContext,
    author: RequestingAuthor,
    participant: OwnParticipant,
) -> TransferResource:
    """Take back own lots that nobody has taken."""
    with context.database.transaction() as session:
        found = withdraw_lots(session, round_id, transfer_id, participant)
        at = found.withdrawn_at or found.offered_at
        AuditTrail(session, author, at).add("withdraw", "transfer", transfer_id)
        return transfer_resource(found, participant)
