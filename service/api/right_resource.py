"""Rights that are held, the ledger of them and their transfers, in answers."""

import datetime as dt

from pydantic import BaseModel, Field

from models.tables import LedgerEntry, LedgerKind, RightTransfer
from service.rounds.holdings import HeldRight
from service.rounds.transfer_states import TransferState, transfer_state


class HoldingResource(BaseModel):
    """What a participant has of a right."""

    right: str
    lots: int = Field(description="Awarded or taken over, less those given away.")
    tonnes: float = Field(description="Held now: without what was drawn.")
    lots_on_offer: int = Field(description="Offered to others, not given away yet.")
    most_drawn_tonnes: float = Field(
        description="That may be drawn now, by the draw limit of 30 days."
    )
    missing_tonnes: float = Field(description="Drawn and not replenished.")
    price_usd_per_tonne: float = Field(description="Of draws.")


class LedgerEntryResource(BaseModel):
    """A change of what a participant has of a right."""

    right: str
    kind: LedgerKind
    lots: int = Field(description="Change of the size of the right.")
    tonnes: float = Field(description="Change of what is held.")
    paid_usd: float = Field(description="Fee of an award, price of a draw; else 0.")
    at: dt.datetime = Field(description="UTC.")


class ParticipantEntryResource(LedgerEntryResource):
    """A change, with whose it is."""

    participant: str
    account: str = Field(description="Who made it.")


class TransferResource(BaseModel):
    """Lots of a right that are on offer, or were."""

    id: str
    right: str
    lots: int
    state: TransferState
    is_own: bool = Field(description="Offered by the own participant.")
    offered_at: dt.datetime = Field(description="UTC.")


class ParticipantTransferResource(BaseModel):
    """Lots that go from one participant to another, if a manager consents."""

    id: str
    right: str
    lots: int
    state: TransferState
    holder: str
    taker: str | None = Field(description="Null while nobody has taken them.")
    offered_at: dt.datetime = Field(description="UTC.")


def holding_resource(found: HeldRight) -> HoldingResource:
    """Return what a participant has of a right."""
    return HoldingResource(
        right=found.right.id,
        lots=found.lots,
        tonnes=found.tonnes,
        lots_on_offer=found.reserved_lots,
        most_drawn_tonnes=found.most_drawn_tonnes,
        missing_tonnes=found.missing_tonnes,
        price_usd_per_tonne=found.right.price_usd_per_tonne,
    )


def entry_resource(row: LedgerEntry) -> LedgerEntryResource:
    """Return an entry of the ledger, as its participant sees it."""
    return LedgerEntryResource(
        right=row.right,
        kind=LedgerKind(row.kind),
        lots=row.lots,
        tonnes=row.tonnes,
        paid_usd=row.paid_usd,
        at=row.at,
    )


def participant_entry(row: LedgerEntry) -> ParticipantEntryResource:
    """Return an entry of the ledger, as managers see it."""
    return ParticipantEntryResource(
        **dict(entry_resource(row)), participant=row.participant, account=row.account
    )


def transfer_resource(row: RightTransfer, participant: str) -> TransferResource:
    """Return a transfer as a participant sees it, without the other one."""
    return TransferResource(
        id=row.id,
        right=row.right,
        lots=row.lots,
        state=transfer_state(row),
        is_own=row.holder == participant,
        offered_at=row.offered_at,
    )


def participant_transfer(row: RightTransfer) -> ParticipantTransferResource:
    """Return a transfer as managers see it."""
    return ParticipantTransferResource(
        id=row.id,
        right=row.right,
        lots=row.lots,
        state=transfer_state(row),
        holder=row.holder,
        taker=row.taker,
        offered_at=row.offered_at,
    )
