"""Webhooks: receivers of events, and what was sent to them."""

import datetime as dt
from typing import Any

from sqlalchemy import JSON, Column, Index
from sqlmodel import Field

from models.roles import MAXIMUM_ACCOUNT_CHARACTERS
from models.tables.account import NUMBER_OF_PREFIX_CHARACTERS
from models.tables.organisation import OrganisationRow
from models.tables.row import UtcDateTime
from models.webhook import DeliveryState

MAXIMUM_URL_CHARACTERS = 2000


class Webhook(OrganisationRow, table=True):
    """A receiver. Its secret follows from its id, a version and that of the server."""

    sequence: int | None = Field(
        default=None, primary_key=True, description="Order of arrival."
    )
    id: str = Field(max_length=36, unique=True, description="Public name.")
    name: str = Field(max_length=200, description="Name for people.")
    url: str = Field(max_length=MAXIMUM_URL_CHARACTERS)
    events: list[str] = Field(
        sa_column=Column(JSON, nullable=False), description="Each an EventType."
    )
    account: str = Field(
        max_length=MAXIMUM_ACCOUNT_CHARACTERS,
        description="Who made it; nothing is sent once that account is disabled.",
    )
    key: str | None = Field(
        default=None,
        max_length=NUMBER_OF_PREFIX_CHARACTERS,
        description="Prefix of the key that it was made with.",
    )
    secret_version: int = Field(description="Each rotation counts one up.")
    old_secret_until: dt.datetime | None = Field(
        default=None,
        sa_type=UtcDateTime,
        description="Until then the secret before counts, too.",
    )
    created_at: dt.datetime = Field(sa_type=UtcDateTime)
    disabled_at: dt.datetime | None = Field(default=None, sa_type=UtcDateTime)
    disabled_because: str | None = Field(default=None, description="In words.")
    last_delivered_at: dt.datetime | None = Field(default=None, sa_type=UtcDateTime)


class WebhookDelivery(OrganisationRow, table=True):
    """An event for a receiver, written in the transaction of the event itself."""

    __table_args__ = (Index("ix_webhookdelivery_due", "state", "due_at"),)

    sequence: int | None = Field(
        default=None, primary_key=True, description="Order of arrival."
    )
    id: str = Field(
        max_length=36, unique=True, description="The same in each attempt: webhook-id."
    )
    webhook_sequence: int = Field(foreign_key="webhook.sequence", index=True)
    event: str = Field(max_length=30, description="An EventType.")
    payload: str = Field(description="The body, to the letter.")
    created_at: dt.datetime = Field(sa_type=UtcDateTime)
    state: str = Field(
        default=DeliveryState.PENDING, max_length=20, description="A DeliveryState."
    )
    due_at: dt.datetime = Field(sa_type=UtcDateTime, description="Of the next attempt.")
    number_of_attempts: int = Field(default=0, description="Since it was last ordered.")
    attempts: list[dict[str, Any]] = Field(
        sa_column=Column(JSON, nullable=False),
        default_factory=list,
        description="The latest ones: at, status, error.",
    )
