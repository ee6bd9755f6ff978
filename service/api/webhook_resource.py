"""Webhooks and deliveries in answers."""

import datetime as dt

from pydantic import BaseModel, Field

from models.tables import Webhook, WebhookDelivery
from models.webhook import DeliveryState, EventType
from service.api.paths import versioned


class WebhookResource(BaseModel):
    """A receiver of events."""

    id: str
    name: str
    url: str
    events: list[EventType] = Field(description="Of which it is told.")
    account: str = Field(
        description="Who made it; nothing is sent once that account is disabled."
    )
    key: str | None = Field(description="Prefix of the key that it was made with.")
    created_at: dt.datetime = Field(description="UTC.")
    is_enabled: bool = Field(description="Otherwise what is to be sent waits.")
    disabled_at: dt.datetime | None = Field(description="UTC.")
    disabled_because: str | None
    old_secret_until: dt.datetime | None = Field(
        description="Until then requests are signed with the secret before as well."
    )
    last_delivered_at: dt.datetime | None = Field(
        description="When it last took something, UTC."
    )
    href: str
    deliveries_href: str


class SecretWebhookResource(WebhookResource):
    """A receiver with its secret, which no other answer has."""

    secret: str = Field(description="Checks signatures; begins with `whsec_`.")


class AttemptResource(BaseModel):
    """An attempt to send something."""

    at: dt.datetime = Field(description="When it ended, UTC.")
    status: int | None = Field(description="That the receiver answered, if it did.")
    error: str | None = Field(description="Why there was no answer.")


class DeliveryResource(BaseModel):
    """Something that was or is to be sent to a receiver."""

    id: str = Field(description="The header `webhook-id`, the same in each attempt.")
    event: EventType
    state: DeliveryState
    created_at: dt.datetime = Field(description="UTC.")
    due_at: dt.datetime | None = Field(
        description="Of the next attempt, UTC; null once it is taken or given up."
    )
    payload: str = Field(description="The body, to the letter.")
    attempts: list[AttemptResource] = Field(description="The latest ones.")
    replay_href: str


def webhook_path(webhook_id: str) -> str:
    """Return the path of a webhook."""
    return versioned(f"/webhooks/{webhook_id}")


def webhook_resource(webhook: Webhook) -> WebhookResource:
    """Return a webhook as an answer."""
    path = webhook_path(webhook.id)
    return WebhookResource(
        id=webhook.id,
        name=webhook.name,
        url=webhook.url,
        events=[EventType(x) for x in webhook.events],
        account=webhook.account,
        key=webhook.key,
        created_at=webhook.created_at,
        is_enabled=webhook.disabled_at is None,
        disabled_at=webhook.disabled_at,
        disabled_because=webhook.disabled_because,
        old_secret_until=webhook.old_secret_until,
        last_delivered_at=webhook.last_delivered_at,
        href=path,
        deliveries_href=f"{path}/deliveries",
    )


def delivery_resource(webhook_id: str, delivery: WebhookDelivery) -> DeliveryResource:
    """Return a delivery as an answer."""
    is_pending = delivery.state == DeliveryState.PENDING
    path = f"{webhook_path(webhook_id)}/deliveries/{delivery.id}/replay"
    return DeliveryResource(
        id=delivery.id,
        event=EventType(delivery.event),
        state=DeliveryState(delivery.state),
        created_at=delivery.created_at,
        due_at=delivery.due_at if is_pending else None,
        payload=delivery.payload,
        attempts=[AttemptResource.model_validate(x) for x in delivery.attempts],
        replay_href=path,
    )
