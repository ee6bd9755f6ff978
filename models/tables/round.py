"""Rounds: rights that a reserve offers for a time, and participants' sealed offers."""

import datetime as dt
from typing import Any

from sqlalchemy import JSON, Column, UniqueConstraint
from sqlmodel import Field

from models.roles import MAXIMUM_ACCOUNT_CHARACTERS
from models.tables.account import MAXIMUM_PARTICIPANT_CHARACTERS
from models.tables.organisation import OrganisationRow, list_index
from models.tables.row import NUMBER_OF_HASH_CHARACTERS, UtcDateTime


class Round(OrganisationRow, table=True):
    """A round. Its state follows from these times and the clock of the database."""

    __table_args__ = (list_index("round"),)

    sequence: int | None = Field(
        default=None, primary_key=True, description="Order of arrival."
    )
    id: str = Field(max_length=36, unique=True, description="Public name.")
    name: str = Field(description="Name for people.")
    case_hash: str = Field(
        max_length=NUMBER_OF_HASH_CHARACTERS,
        foreign_key="casedocument.content_hash",
        description="The case for which rights are offered.",
    )
    rights: list[dict[str, Any]] = Field(
        sa_column=Column(JSON, nullable=False), description="Each an OfferedRight."
    )
    participants: list[str] = Field(
        sa_column=Column(JSON, nullable=False), description="Who may make offers."
    )
    created_at: dt.datetime = Field(sa_type=UtcDateTime)
    closes_at: dt.datetime = Field(
        sa_type=UtcDateTime, description="From then on offers stay as they are."
    )
    cancelled_at: dt.datetime | None = Field(default=None, sa_type=UtcDateTime)
    published_at: dt.datetime | None = Field(default=None, sa_type=UtcDateTime)
    plan_hash: str | None = Field(
        default=None,
        max_length=NUMBER_OF_HASH_CHARACTERS,
        foreign_key="plandocument.content_hash",
        description="The plan that awards the rights, once published.",
    )
    explanation_hash: str | None = Field(
        default=None,
        max_length=NUMBER_OF_HASH_CHARACTERS,
        foreign_key="analysisdocument.content_hash",
        description="The analysis that says why, if one is published.",
    )


class RoundOffer(OrganisationRow, table=True):
    """The offer of a participant for a right. A withdrawn one stays, marked so."""

    __table_args__ = (UniqueConstraint("round_sequence", "participant", "right"),)

    sequence: int | None = Field(default=None, primary_key=True)
    round_sequence: int = Field(foreign_key="round.sequence", index=True)
    participant: str = Field(max_length=MAXIMUM_PARTICIPANT_CHARACTERS)
    right: str = Field(max_length=64, description="Name of a right of the round.")
    minimum_lots: int
    maximum_lots: int
    version: int = Field(default=1, description="Counts its changes.")
    account: str = Field(max_length=MAXIMUM_ACCOUNT_CHARACTERS)
    changed_at: dt.datetime = Field(sa_type=UtcDateTime)
    withdrawn_at: dt.datetime | None = Field(default=None, sa_type=UtcDateTime)
