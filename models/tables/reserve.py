"""Reserves: named things that live longer than a case, each with a ledger."""

import datetime as dt
from enum import StrEnum

from sqlalchemy import UniqueConstraint
from sqlmodel import Field

from models.roles import MAXIMUM_ACCOUNT_CHARACTERS
from models.tables.organisation import OrganisationRow, list_index
from models.tables.row import NUMBER_OF_HASH_CHARACTERS, UtcDateTime


class EntryKind(StrEnum):
    """What an entry of the ledger of a reserve says."""

    POSITION = "position"
    PLAN = "plan"
    OBSERVATION = "observation"
    ORDERS = "orders"
    CORRECTION = "correction"


class Reserve(OrganisationRow, table=True):
    """A reserve. The last two columns change with each entry of its ledger."""

    __table_args__ = (list_index("reserve"),)

    sequence: int | None = Field(
        default=None, primary_key=True, description="Order of arrival."
    )
    id: str = Field(max_length=36, unique=True, description="Public name.")
    name: str = Field(description="Name for people.")
    created_at: dt.datetime = Field(sa_type=UtcDateTime)
    number_of_entries: int = 0
    head: str = Field(
        max_length=NUMBER_OF_HASH_CHARACTERS,
        description="Hash of the last entry; what the first one follows while there is "
        "none.",
    )


class ReserveEntry(OrganisationRow, table=True):
    """An entry of the ledger of a reserve. The database refuses to change it.

    Its place and its hashes are known when it is appended.
    """

    __table_args__ = (UniqueConstraint("reserve_sequence", "number"),)

    sequence: int | None = Field(
        default=None, primary_key=True, description="Order of arrival."
    )
    reserve_sequence: int = Field(default=0, foreign_key="reserve.sequence")
    number: int = Field(default=0, description="Its place in the ledger, from 1.")
    kind: str = Field(max_length=20, description="An EntryKind.")
    at: dt.datetime = Field(sa_type=UtcDateTime)
    account: str = Field(max_length=MAXIMUM_ACCOUNT_CHARACTERS)
    case_hash: str | None = Field(
        default=None,
        max_length=NUMBER_OF_HASH_CHARACTERS,
        foreign_key="casedocument.content_hash",
        index=True,
        description="The case that says the position.",
    )
    plan_hash: str | None = Field(
        default=None,
        max_length=NUMBER_OF_HASH_CHARACTERS,
        foreign_key="plandocument.content_hash",
        index=True,
        description="The plan that is in force from then on.",
    )
    document_hash: str | None = Field(
        default=None,
        max_length=NUMBER_OF_HASH_CHARACTERS,
        description="SHA-256 of the canonical JSON of what it says beside that.",
    )
    content: bytes | None = Field(
        default=None, description="That JSON, compressed by zlib."
    )
    corrects: str | None = Field(
        default=None,
        max_length=NUMBER_OF_HASH_CHARACTERS,
        index=True,
        description="Hash of the entry that this one corrects.",
    )
    reason: str | None = Field(default=None, description="Why it is corrected.")
    predecessor: str = Field(
        default="",
        max_length=NUMBER_OF_HASH_CHARACTERS,
        description="Hash of the entry before.",
    )
    entry_hash: str = Field(
        default="",
        max_length=NUMBER_OF_HASH_CHARACTERS,
        unique=True,
        description="SHA-256 of this entry and of the hash before it.",
    )
