"""What an organisation does with its webhooks, within a transaction of it."""

import datetime as dt
import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from sqlmodel import Session

from models.tables import Webhook, WebhookDelivery
from models.webhook import DeliveryState, EventType
from service.errors import TooManyWebhooksError
from service.store.audit_log import AuditTrail, Author
from service.store.webhook_events import WebhookEvent, delivery_of
from service.store.webhooks import WebhookRepository

MOST_WEBHOOKS = 20
NOUN = "webhook"


@dataclass(frozen=True, slots=True)
class WebhookChanges:
    """Changes of webhooks at one moment; the audit log has each."""

    session: Session
    author: Author
    at: dt.datetime

    def create(self, name: str, url: str, events: Sequence[EventType]) -> Webhook:
        """Store a new webhook; raise TooManyWebhooksError."""
        webhooks = WebhookRepository(self.session)
        if webhooks.number() >= MOST_WEBHOOKS:
            detail = f"There may be {MOST_WEBHOOKS}."
            raise TooManyWebhooksError(detail)
        webhook = Webhook(
            id=str(uuid.uuid4()),
            name=name,
            url=url,
            events=sorted(set(events)),
            account=self.author.actor,
            key=self.author.key,
            secret_version=1,
            created_at=self.at,
        )
        webhooks.add(webhook)
        self._log("create", webhook)
        return webhook

    def change(self, webhook_id: str, changes: Mapping[str, object]) -> Webhook:
        """Change name, url, events or is_enabled of a webhook."""
        webhook = WebhookRepository(self.session).held(webhook_id)
        before = webhook.model_dump()
        for field in changes.keys() & {"name", "url", "events"}:
            setattr(webhook, field, changes[field])
        is_enabled = changes.get("is_enabled")
        if is_enabled is True:
            webhook.disabled_at = webhook.disabled_because = None
        elif is_enabled is False and webhook.disabled_at is None:
            webhook.disabled_at = self.at
            webhook.disabled_because = f"{self.author.actor} disabled it."
        if webhook.model_dump() != before:
            self._log("change", webhook)
        return webhook

    def delete(self, webhook_id: str) -> None:
        """Delete a webhook, with what was and is to be sent."""
        webhooks = WebhookRepository(self.session)
        webhook = webhooks.held(webhook_id)
        self._log("delete", webhook)
        webhooks.delete(webhook)

    def rotate(self, webhook_id: str, overlap: dt.timedelta) -> Webhook:
        """Give a webhook another secret; for that time the old one counts, too."""
        webhook = WebhookRepository(self.session).held(webhook_id)
        webhook.secret_version += 1
        webhook.old_secret_until = self.at + overlap
        self._log("rotate", webhook)
        return webhook

    def ping(self, webhook_id: str) -> WebhookDelivery:
        """Let a webhook be sent an event that says nothing."""
        webhooks = WebhookRepository(self.session)
        webhook = webhooks.held(webhook_id)
        data = {"webhook": webhook.id}
        event = WebhookEvent(webhook.organisation, EventType.PING, self.at, data)
        delivery = delivery_of(webhook, event)
        webhooks.add(delivery)
        self._log("ping", webhook)
        return delivery

    def replay(self, webhook_id: str, delivery_id: str) -> WebhookDelivery:
        """Let something be sent again, with the same id."""
        webhooks = WebhookRepository(self.session)
        webhook = webhooks.held(webhook_id)
        delivery = webhooks.delivery(webhook, delivery_id)
        delivery.state = DeliveryState.PENDING
        delivery.due_at = self.at
        delivery.number_of_attempts = 0
        self._log("replay", webhook)
        return delivery

    def _log(self, verb: str, webhook: Webhook) -> None:
        AuditTrail(self.session, self.author, self.at).add(verb, NOUN, webhook.id)
