"""Who may use a store: accounts, their keys, sessions, names at OpenID providers."""

import datetime as dt

from sqlalchemy import JSON, CheckConstraint, Column
from sqlmodel import Field

from models.roles import (
    MAXIMUM_ACCOUNT_CHARACTERS,
    MAXIMUM_ISSUER_CHARACTERS,
    MAXIMUM_SUBJECT_CHARACTERS,
    Role,
)
from models.tables.organisation import OrganisationRow
from models.tables.row import NUMBER_OF_HASH_CHARACTERS, Row, UtcDateTime

NUMBER_OF_PREFIX_CHARACTERS = 12
MAXIMUM_PARTICIPANT_CHARACTERS = 64


class Account(OrganisationRow, table=True):
    """A person or program of an organisation. Accounts are disabled, never deleted."""

    __table_args__ = (
        CheckConstraint(
            f"(role = '{Role.PARTICIPANT_PLANNER}') = (participant IS NOT NULL)",
            name="participant",
        ),
    )

    id: str = Field(max_length=36, primary_key=True)
    name: str = Field(max_length=MAXIMUM_ACCOUNT_CHARACTERS, unique=True)
    role: str = Field(max_length=30, description="A Role.")
    participant: str | None = Field(
        default=None,
        max_length=MAXIMUM_PARTICIPANT_CHARACTERS,
        description="Whose planner it is, by its identifier in cases.",
    )
    created_at: dt.datetime = Field(sa_type=UtcDateTime)
    disabled_at: dt.datetime | None = Field(default=None, sa_type=UtcDateTime)


class ApiKey(Row, table=True):
    """A key of an account. The key itself is shown once and stored nowhere."""

    prefix: str = Field(
        max_length=NUMBER_OF_PREFIX_CHARACTERS,
        primary_key=True,
        description="The part of the key by which it is found; no secret.",
    )
    account_id: str = Field(max_length=36, foreign_key="account.id", index=True)
    digest: str = Field(
        max_length=NUMBER_OF_HASH_CHARACTERS,
        description="HMAC-SHA-256 of the key under the account secret.",
    )
    scopes: list[str] = Field(
        sa_column=Column(JSON, nullable=False), description="Each a Scope."
    )
    created_at: dt.datetime = Field(sa_type=UtcDateTime)
    expires_at: dt.datetime = Field(sa_type=UtcDateTime)
    revoked_at: dt.datetime | None = Field(default=None, sa_type=UtcDateTime)
    last_used_at: dt.datetime | None = Field(
        default=None,
        sa_type=UtcDateTime,
        description="To within an hour: a request is no write each time.",
    )


class BrowserSession(OrganisationRow, table=True):
    """A browser that is signed in with a key. It ends with that key, or before."""

    token_digest: str = Field(
        max_length=NUMBER_OF_HASH_CHARACTERS,
        primary_key=True,
        description="SHA-256 of the random token that the browser has.",
    )
    key_prefix: str = Field(
        max_length=NUMBER_OF_PREFIX_CHARACTERS, foreign_key="apikey.prefix", index=True
    )
    created_at: dt.datetime = Field(sa_type=UtcDateTime)
    expires_at: dt.datetime = Field(sa_type=UtcDateTime, index=True)


class LinkedIdentity(Row, table=True):
    """What an account is called by an OpenID provider: tokens of it are the account's.

    An account may have several, and each belongs to one account.
    """

    issuer: str = Field(max_length=MAXIMUM_ISSUER_CHARACTERS, primary_key=True)
    subject: str = Field(max_length=MAXIMUM_SUBJECT_CHARACTERS, primary_key=True)
    account_id: str = Field(max_length=36, foreign_key="account.id", index=True)
    created_at: dt.datetime = Field(sa_type=UtcDateTime)
