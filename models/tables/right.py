"""Rights after their award: a ledger of what is held and drawn, and transfers."""

import datetime as dt
from enum import StrEnum

from sqlmodel import Field

from models.roles import MAXIMUM_ACCOUNT_CHARACTERS
from models.tables.account import MAXIMUM_PARTICIPANT_CHARACTERS
from models.tables.organisation import OrganisationRow
from models.tables.row import UtcDateTime


class LedgerKind(StrEnum):
    """What an entry of the ledger is about."""

    AWARD = "award"
    DRAW = "draw"
    REPLENISHMENT = "replenishment"
    TRANSFER = "transfer"


class LedgerEntry(OrganisationRow, table=True):
    """A change of the right of a participant. Entries are added, never changed."""

    sequence: int | None = Field(default=None, primary_key=True)
    round_sequence: int = Field(foreign_key="round.sequence", index=True)
    participant: str = Field(max_length=MAXIMUM_PARTICIPANT_CHARACTERS)
    right: str = Field(max_length=64, description="Name of a right of the round.")
    kind: str = Field(max_length=20, description="A LedgerKind.")
    lots: int = Field(description="Change of the size of the right.")
    tonnes: float = Field(description="Change of what is held for it.")
    paid_usd: float = Field(description="Fee of an award, price of a draw; else 0.")
    account: str = Field(max_length=MAXIMUM_ACCOUNT_CHARACTERS)
    at: dt.datetime = Field(sa_type=UtcDateTime)


class RightTransfer(OrganisationRow, table=True):
    """Lots of a right that its holder offers to others. Its state follows from these.

    The taker gets them at the terms of the round once a manager consents.
    """

    sequence: int | None = Field(default=None, primary_key=True)
    id: str = Field(max_length=36, unique=True, description="Public name.")
    round_sequence: int = Field(foreign_key="round.sequence", index=True)
    right: str = Field(max_length=64, description="Name of a right of the round.")
    holder: str = Field(
        max_length=MAXIMUM_PARTICIPANT_CHARACTERS,
        description="Participant that gives the lots.",
    )
    lots: int
    offered_at: dt.datetime = Field(sa_type=UtcDateTime)
    withdrawn_at: dt.datetime | None = Field(default=None, sa_type=UtcDateTime)
    taker: str | None = Field(default=None, max_length=MAXIMUM_PARTICIPANT_CHARACTERS)
    taken_at: dt.datetime | None = Field(default=None, sa_type=UtcDateTime)
    consented_at: dt.datetime | None = Field(default=None, sa_type=UtcDateTime)
    refused_at: dt.datetime | None = Field(default=None, sa_type=UtcDateTime)
