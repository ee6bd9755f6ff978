"""Webhooks and their deliveries in the store."""

import datetime as dt
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from sqlalchemy import ColumnElement, delete, exists
from sqlmodel import Session, col, func, select

from models.tables import Account, Webhook, WebhookDelivery
from models.webhook import DeliveryState
from service.errors import DeliveryNotFoundError, WebhookNotFoundError
from service.store.part import Part

PENDING = DeliveryState.PENDING
# Of those that are due, looked at to find some of different receivers.
MOST_DUE = 100
# That a worker sends at a time: it has one sender more, so that slow receivers of one
# organisation do not stop what others are told.
MOST_OF_ORGANISATION = 3


def is_heard() -> ColumnElement[bool]:
    """Return whether a webhook is sent anything: it and its account are enabled."""
    is_disabled = exists().where(
        col(Account.name) == Webhook.account, col(Account.disabled_at).is_not(None)
    )
    return col(Webhook.disabled_at).is_(None) & ~is_disabled


@dataclass(frozen=True, slots=True)
class WebhookRepository:
    """Queries on webhooks, within the transaction of `session`."""

    session: Session

    def add(self, row: Webhook | WebhookDelivery) -> None:
        """Store a new webhook or delivery."""
        self.session.add(row)
        self.session.flush()

    def number(self) -> int:
        """Return the number of webhooks."""
        return self.session.exec(select(func.count()).select_from(Webhook)).one()

    def get(self, webhook_id: str) -> Webhook:
        """Return a webhook, or raise WebhookNotFoundError."""
        query = select(Webhook).where(Webhook.id == webhook_id)
        found = self.session.exec(query).one_or_none()
        if found is None:
            raise WebhookNotFoundError(webhook_id)
        return found

    def held(self, webhook_id: str) -> Webhook:
        """Return a webhook, locked until this transaction ends."""
        query = select(Webhook).where(Webhook.id == webhook_id).with_for_update()
        query = query.execution_options(populate_existing=True)
        found = self.session.exec(query).one_or_none()
        if found is None:
            raise WebhookNotFoundError(webhook_id)
        return found

    def page(self, part: Part) -> Sequence[Webhook]:
        """Return a part of the webhooks in the order in which they were made."""
        query = part.of(select(Webhook), col(Webhook.sequence))
        return self.session.exec(query).all()

    def delete(self, webhook: Webhook) -> None:
        """Delete a webhook and all that was sent to it."""
        own = col(WebhookDelivery.webhook_sequence) == webhook.sequence
        self.session.connection().execute(delete(WebhookDelivery).where(own))
        self.session.delete(webhook)
        self.session.flush()

    def deliveries(
        self, webhook: Webhook, part: Part, state: DeliveryState | None = None
    ) -> Sequence[WebhookDelivery]:
        """Return a part of the deliveries to a webhook in their order."""
        query = select(WebhookDelivery).where(
            WebhookDelivery.webhook_sequence == webhook.sequence
        )
        if state is not None:
            query = query.where(WebhookDelivery.state == state)
        query = part.of(query, col(WebhookDelivery.sequence))
        return self.session.exec(query).all()

    def delivery(self, webhook: Webhook, delivery_id: str) -> WebhookDelivery:
        """Return a delivery to a webhook, locked; raise DeliveryNotFoundError."""
        query = (
            select(WebhookDelivery)
            .where(WebhookDelivery.webhook_sequence == webhook.sequence)
            .where(WebhookDelivery.id == delivery_id)
            .with_for_update()
            .execution_options(populate_existing=True)
        )
        found = self.session.exec(query).one_or_none()
        if found is None:
            raise DeliveryNotFoundError(delivery_id)
        return found

    def claim(
        self,
        now: dt.datetime,
        until: dt.datetime,
        limit: int,
        busy: Mapping[int, str],
    ) -> Sequence[tuple[Webhook, WebhookDelivery]]:
        """Return deliveries that are due, one for each webhook that is not busy.

        Nobody else gets them before the instant `until`. busy: the organisations of
        those that are sent to, by webhook; with these, none has too many at a time.
        """
        number = Counter(busy.values())
        full = [x for x in number if number[x] >= MOST_OF_ORGANISATION]
        query = (
            select(Webhook, WebhookDelivery)
            .join(
                WebhookDelivery,
                col(WebhookDelivery.webhook_sequence) == Webhook.sequence,
            )
            .where(WebhookDelivery.state == PENDING)
            .where(col(WebhookDelivery.due_at) <= now)
            .where(is_heard())
            .where(col(Webhook.sequence).not_in(list(busy)))
            .where(col(Webhook.organisation).not_in(full))
            .order_by(col(WebhookDelivery.due_at), col(WebhookDelivery.sequence))
            .limit(MOST_DUE)
            .with_for_update(skip_locked=True, of=WebhookDelivery)
        )
        first: dict[int, tuple[Webhook, WebhookDelivery]] = {}
        for webhook, due in self.session.exec(query):
            is_first = due.webhook_sequence not in first
            if is_first and number[webhook.organisation] < MOST_OF_ORGANISATION:
                number[webhook.organisation] += 1
                first[due.webhook_sequence] = webhook, due
        claimed = list(first.values())[:limit]
        for _, due in claimed:
            due.due_at = until
        return claimed

    def one_is_due(self, now: dt.datetime) -> bool:
        """Whether something is to be sent."""
        query = (
            select(WebhookDelivery.sequence)
            .join(Webhook, col(WebhookDelivery.webhook_sequence) == Webhook.sequence)
            .where(WebhookDelivery.state == PENDING)
            .where(col(WebhookDelivery.due_at) <= now)
            .where(is_heard())
            .limit(1)
        )
        return self.session.exec(query).first() is not None

    def purge(self, before: dt.datetime) -> None:
        """Forget deliveries of before that instant that are not to be sent again."""
        is_old = (
            col(WebhookDelivery.created_at) < before,
            col(WebhookDelivery.state) != PENDING,
        )
        self.session.connection().execute(delete(WebhookDelivery).where(*is_old))
