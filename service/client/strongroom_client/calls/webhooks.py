"""Webhooks."""

from collections.abc import Sequence

from strongroom_client.answers import (
    DeliveryResource,
    PageDeliveryResource,
    PageWebhookResource,
    SecretWebhookResource,
    WebhookResource,
)
from strongroom_client.call import Call, as_answer, as_nothing, given, path_of


def create_webhook(
    url: str, *, name: str | None = None, events: Sequence[str] | None = None
) -> Call[SecretWebhookResource]:
    """Tell a receiver of events from now on; the answer alone has its secret.

    events: of which it is told, such as job.succeeded; by default all.
    """
    body = given(url=url, name=name, events=events)
    read = as_answer(SecretWebhookResource)
    # Sent twice, there would be two.
    return Call("POST", "/v1/webhooks", read, body=body, is_repeatable=False)


def list_webhooks(
    *, sort: str | None = None, limit: int | None = None
) -> Call[PageWebhookResource]:
    """List the webhooks, latest first; sort="oldest" turns the order round."""
    read = as_answer(PageWebhookResource)
    return Call("GET", "/v1/webhooks", read, {"sort": sort, "limit": limit})


def get_webhook(webhook_id: str) -> Call[WebhookResource]:
    """Return a webhook, without its secret."""
    path = path_of("/v1/webhooks/{}", webhook_id)
    return Call("GET", path, as_answer(WebhookResource))


def change_webhook(
    webhook_id: str,
    *,
    url: str | None = None,
    name: str | None = None,
    events: Sequence[str] | None = None,
    is_enabled: bool | None = None,
) -> Call[WebhookResource]:
    """Change what is given of a webhook; is_enabled=True: one that was given up."""
    body = given(url=url, name=name, events=events, is_enabled=is_enabled)
    path = path_of("/v1/webhooks/{}", webhook_id)
    return Call("PATCH", path, as_answer(WebhookResource), body=body)


def delete_webhook(webhook_id: str) -> Call[None]:
    """Forget a webhook; nothing more is sent to it."""
    path = path_of("/v1/webhooks/{}", webhook_id)
    # Sent twice, the second answer would be that there is none.
    return Call("DELETE", path, as_nothing, is_repeatable=False)


def rotate_webhook_secret(
    webhook_id: str, *, overlap_hours: float | None = None
) -> Call[SecretWebhookResource]:
    """Give a webhook another secret; the one before counts for a while longer."""
    path = path_of("/v1/webhooks/{}/rotate", webhook_id)
    body = given(overlap_hours=overlap_hours)
    read = as_answer(SecretWebhookResource)
    return Call("POST", path, read, body=body, is_repeatable=False)


def ping_webhook(webhook_id: str) -> Call[DeliveryResource]:
    """Send an event that says nothing."""
    path = path_of("/v1/webhooks/{}/ping", webhook_id)
    return Call("POST", path, as_answer(DeliveryResource))


def list_deliveries(
    webhook_id: str,
    *,
    state: str | None = None,
    sort: str | None = None,
    limit: int | None = None,
) -> Call[PageDeliveryResource]:
    """List what was sent to a webhook in the last 30 days, and what is to be."""
    path = path_of("/v1/webhooks/{}/deliveries", webhook_id)
    query = {"state": state, "sort": sort, "limit": limit}
    return Call("GET", path, as_answer(PageDeliveryResource), query)


def replay_delivery(webhook_id: str, delivery_id: str) -> Call[DeliveryResource]:
    """Send something again, with the same id."""
    path = path_of("/v1/webhooks/{}/deliveries/{}/replay", webhook_id, delivery_id)
    return Call("POST", path, as_answer(DeliveryResource))
