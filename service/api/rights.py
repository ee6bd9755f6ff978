"""Rights after their award, as managers see them; they consent to transfers."""

from fastapi import APIRouter

from service.api.context import ServiceContext
from service.api.identity import RequestingAuthor
from service.api.paths import VERSION
from service.api.problem_types import problems
from service.api.right_resource import (
    ParticipantEntryResource,
    ParticipantTransferResource,
    participant_entry,
    participant_transfer,
)
from service.errors import (
    RoundNotFoundError,
    RoundStateError,
    TransferNotFoundError,
    TransferStateError,
)
from service.rounds.holdings import read_ledger
from service.rounds.transfers import consent, refuse
from service.store.audit_log import AuditTrail

router = APIRouter(prefix=f"{VERSION}/rounds/{{round_id}}", tags=["rounds"])

READ = problems(RoundNotFoundError, RoundStateError)
DECIDED = problems(
    RoundNotFoundError, TransferNotFoundError, RoundStateError, TransferStateError
)


@router.get("/ledger", responses=READ)
def list_ledger(
    round_id: str, context: ServiceContext
) -> list[ParticipantEntryResource]:
    """List awards, draws, replenishments and transfers, oldest first."""
    with context.database.reading() as session:
        rights, _ = read_ledger(session, round_id)
        return [participant_entry(x) for x in rights.entries()]


@router.get("/transfers", responses=READ)
def list_transfers(
    round_id: str, context: ServiceContext
) -> list[ParticipantTransferResource]:
    """List the transfers, oldest first."""
    with context.database.reading() as session:
        rights, _ = read_ledger(session, round_id)
        return [participant_transfer(x) for x in rights.transfers()]


@router.post("/transfers/{transfer_id}/consent", responses=DECIDED)
def consent_to_transfer(
    round_id: str, transfer_id: str, context: ServiceContext, author: RequestingAuthor
) -> ParticipantTransferResource:
    """Let lots pass to the participant that has taken them."""
    with context.database.transaction() as session:
        found = consent(session, round_id, transfer_id, account=author.actor)
        at = found.consented_at or found.offered_at
        AuditTrail(session, author, at).add("consent", "transfer", transfer_id)
        return participant_transfer(found)


@router.post("/transfers/{transfer_id}/refuse", responses=DECIDED)
def refuse_transfer(
    round_id: str, transfer_id: str, context: ServiceContext, author: RequestingAuthor
) -> ParticipantTransferResource:
    """Leave lots with their holder."""
    with context.database.transaction() as session:
        found = refuse(session, round_id, transfer_id)
        at = found.refused_at or found.offered_at
        AuditTrail(session, author, at).add("refuse", "transfer", transfer_id)
        return participant_transfer(found)
