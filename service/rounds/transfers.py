"""Transfers: a holder offers lots of its right, another takes them, a manager decides.

Who offers and who takes do not learn of each other.
"""

import uuid

from sqlmodel import Session

from models.mistakes import Mistake
from models.round import OfferKey
from models.tables import LedgerEntry, LedgerKind, RightTransfer
from service.errors import MalformedOrderError, TransferNotFoundError
from service.rounds.holdings import ROUNDING, held_right, opened_ledger
from service.rounds.transfer_states import (
    TransferState,
    check_transfer,
    transfer_state,
)


def is_seen(found: RightTransfer, participant: str) -> bool:
    """Whether a participant may know of a transfer: its own, or one on offer."""
    is_on_offer = transfer_state(found) is TransferState.OFFERED
    return is_on_offer or participant in {found.holder, found.taker}


def offer_lots(
    session: Session, round_id: str, key: OfferKey, lots: int
) -> RightTransfer:
    """Offer lots of an own right to the others, with the tonnes that they have.

    Raises MalformedOrderError for more lots than are whole and not offered yet.
    """
    rights, now = opened_ledger(session, round_id, key.participant)
    found = held_right(rights, key.participant, key.right, now)
    whole = int(found.free_tonnes / found.right.lot_tonnes + ROUNDING)
    if lots > whole:
        expected = f"at most {whole}, which are whole and not on offer"
        raise MalformedOrderError([Mistake("lots", lots, expected)])
    new = RightTransfer(
        id=str(uuid.uuid4()),
        round_sequence=rights.of.sequence or 0,
        right=key.right,
        holder=key.participant,
        lots=lots,
        offered_at=now,
    )
    rights.add(new)
    return new


def take_lots(
    session: Session, round_id: str, transfer_id: str, participant: str
) -> RightTransfer:
    """Take lots that another offers; its own, or those of two others, are not found."""
    rights, now = opened_ledger(session, round_id, participant)
    found = rights.transfer(transfer_id)
    if participant == found.holder or not is_seen(found, participant):
        raise TransferNotFoundError(transfer_id)
    check_transfer(found, "take")
    found.taker, found.taken_at = participant, now
    rights.add(found)
    return found


def withdraw_lots(
    session: Session, round_id: str, transfer_id: str, participant: str
) -> RightTransfer:
    """Take back lots that nobody has taken; those of others are not found."""
    rights, now = opened_ledger(session, round_id, participant)
    found = rights.transfer(transfer_id)
    if participant != found.holder:
        raise TransferNotFoundError(transfer_id)
    check_transfer(found, "withdraw")
    found.withdrawn_at = now
    rights.add(found)
    return found


def consent(
    session: Session, round_id: str, transfer_id: str, *, account: str
) -> RightTransfer:
    """Let the lots pass from holder to taker, with the tonnes that they have."""
    rights, now = opened_ledger(session, round_id)
    found = rights.transfer(transfer_id)
    check_transfer(found, "consent")
    held = held_right(rights, found.holder, found.right, now)
    found.consented_at = now
    given, taken = (
        LedgerEntry(
            round_sequence=rights.of.sequence or 0,
            participant=participant,
            right=found.right,
            kind=LedgerKind.TRANSFER,
            lots=lots,
            tonnes=lots * held.right.lot_tonnes,
            paid_usd=0.0,
            account=account,
            at=now,
        )
        for participant, lots in (
            (found.holder, -found.lots),
            (found.taker or "", found.lots),
        )
    )
    rights.add(found, given, taken)
    return found


def refuse(session: Session, round_id: str, transfer_id: str) -> RightTransfer:
    """Leave the lots with their holder."""
    rights, now = opened_ledger(session, round_id)
    found = rights.transfer(transfer_id)
    check_transfer(found, "refuse")
    found.refused_at = now
    rights.add(found)
    return found
