"""Webhooks: receivers of events, their secrets, and the log of what was sent."""

import datetime as dt
from typing import Annotated

from fastapi import APIRouter, Response
from pydantic import AfterValidator, BaseModel, ConfigDict, Field

from models.mistakes import Mistake
from models.record import without_nul
from models.tables import Webhook
from models.tables.webhook import MAXIMUM_URL_CHARACTERS
from models.webhook import SUBSCRIBABLE, DeliveryState, EventType
from service.api.answers import PLACE, Page
from service.api.bodies import JsonBody
from service.api.context import Context, ServiceContext
from service.api.cursors import Listed
from service.api.identity import RequestingAuthor
from service.api.orders import described_body, read_order
from service.api.paths import VERSION
from service.api.problem_types import problems
from service.api.webhook_resource import (
    DeliveryResource,
    SecretWebhookResource,
    WebhookResource,
    delivery_resource,
    webhook_path,
    webhook_resource,
)
from service.errors import (
    DeliveryNotFoundError,
    MalformedOrderError,
    TooManyWebhooksError,
    WebhookNotFoundError,
)
from service.identity.account_secret import made_account_secret
from service.settings import networks_of
from service.store.webhooks import WebhookRepository
from service.webhooks.addresses import RefusedAddressError, check_url
from service.webhooks.changing import WebhookChanges
from service.webhooks.signing import secret_of

router = APIRouter(prefix=f"{VERSION}/webhooks", tags=["webhooks"])

MISSING = problems(WebhookNotFoundError)
LONGEST_OVERLAP_HOURS = 24 * 7

Name = Annotated[
    str,
    AfterValidator(without_nul),
    Field(max_length=200, description="Name for people."),
]
Url = Annotated[
    str,
    Field(
        max_length=MAXIMUM_URL_CHARACTERS,
        description="Where events are posted to: https://, to public addresses.",
    ),
]


def _subscribable(events: list[EventType]) -> list[EventType]:
    if not set(events) <= set(SUBSCRIBABLE):
        msg = f"expected some of {', '.join(SUBSCRIBABLE)}"
        raise ValueError(msg)
    return events


Events = Annotated[
    list[EventType],
    AfterValidator(_subscribable),
    Field(min_length=1, description="Of what it is told."),
]


class WebhookOrder(BaseModel):
    """A receiver to tell of events."""

    model_config = ConfigDict(extra="forbid")

    url: Url
    name: Name = ""
    events: Events = list(SUBSCRIBABLE)


class WebhookChange(BaseModel):
    """What is to be another one; what is left out stays."""

    model_config = ConfigDict(extra="forbid")

    url: Url = ""
    name: Name = ""
    events: Events = list(SUBSCRIBABLE)
    is_enabled: bool = Field(
        default=True, description="False: what is to be sent waits; true: it goes on."
    )


class Rotation(BaseModel):
    """How a secret makes way for another one."""

    model_config = ConfigDict(extra="forbid")

    overlap_hours: float = Field(
        default=24.0,
        ge=0,
        le=LONGEST_OVERLAP_HOURS,
        description="How long requests are signed with both.",
    )


@router.post(
    "",
    status_code=201,
    openapi_extra=described_body(WebhookOrder),
    responses={201: {"headers": PLACE}} | problems(TooManyWebhooksError),
)
def create_webhook(
    raw: JsonBody,
    response: Response,
    context: ServiceContext,
    author: RequestingAuthor,
) -> SecretWebhookResource:
    """Tell a receiver of events from now on; the answer alone has its secret."""
    order = read_order(WebhookOrder, raw)
    _check(order.url, context)
    with context.database.transaction() as session:
        changes = WebhookChanges(session, author, context.clock())
        webhook = changes.create(order.name, order.url, order.events)
    response.headers["Location"] = webhook_path(webhook.id)
    return _with_secret(webhook, context)


@router.get("")
def list_webhooks(
    response: Response, context: ServiceContext, listed: Listed
) -> Page[WebhookResource]:
    """List the webhooks, latest first unless sorted otherwise."""
    with context.database.reading() as session:
        found = WebhookRepository(session).page(listed.part)
    items = [webhook_resource(x) for x in listed.shown(found)]
    position = listed.following([x.sequence for x in found])
    return listed.page(response, items, position)


@router.post(
    "/{webhook_id}/rotate", openapi_extra=described_body(Rotation), responses=MISSING
)
def rotate_webhook_secret(
    webhook_id: str, raw: JsonBody, context: ServiceContext, author: RequestingAuthor
) -> SecretWebhookResource:
    """Give a webhook another secret; the one before counts for a while longer."""
    overlap = dt.timedelta(hours=read_order(Rotation, raw).overlap_hours)
    with context.database.transaction() as session:
        changes = WebhookChanges(session, author, context.clock())
        webhook = changes.rotate(webhook_id, overlap)
    return _with_secret(webhook, context)


@router.post("/{webhook_id}/ping", status_code=202, responses=MISSING)
def ping_webhook(
    webhook_id: str, context: ServiceContext, author: RequestingAuthor
) -> DeliveryResource:
    """Send an event that says nothing; the deliveries tell what came of it."""
    with context.database.transaction() as session:
        changes = WebhookChanges(session, author, context.clock())
        return delivery_resource(webhook_id, changes.ping(webhook_id))


@router.get("/{webhook_id}/deliveries", responses=MISSING)
def list_deliveries(
    webhook_id: str,
    response: Response,
    context: ServiceContext,
    listed: Listed,
    state: DeliveryState | None = None,
) -> Page[DeliveryResource]:
    """List what was sent to a webhook in the last 30 days, and what is to be."""
    with context.database.reading() as session:
        webhooks = WebhookRepository(session)
        webhook = webhooks.get(webhook_id)
        found = webhooks.deliveries(webhook, listed.part, state)
    items = [delivery_resource(webhook_id, x) for x in listed.shown(found)]
    position = listed.following([x.sequence for x in found])
    return listed.page(response, items, position)


@router.post(
    "/{webhook_id}/deliveries/{delivery_id}/replay",
    status_code=202,
    responses=problems(WebhookNotFoundError, DeliveryNotFoundError),
)
def replay_delivery(
    webhook_id: str,
    delivery_id: str,
    context: ServiceContext,
    author: RequestingAuthor,
) -> DeliveryResource:
    """Send something again, with the same id: receivers know it by that."""
    with context.database.transaction() as session:
        changes = WebhookChanges(session, author, context.clock())
        return delivery_resource(webhook_id, changes.replay(webhook_id, delivery_id))


@router.get("/{webhook_id}", responses=MISSING)
def get_webhook(webhook_id: str, context: ServiceContext) -> WebhookResource:
    """Return a webhook, without its secret."""
    with context.database.reading() as session:
        return webhook_resource(WebhookRepository(session).get(webhook_id))


@router.patch(
    "/{webhook_id}", openapi_extra=described_body(WebhookChange), responses=MISSING
)
def change_webhook(
    webhook_id: str, raw: JsonBody, context: ServiceContext, author: RequestingAuthor
) -> WebhookResource:
    """Change what is given of a webhook; enable one that was given up."""
    order = read_order(WebhookChange, raw)
    changed = order.model_dump(include=order.model_fields_set)
    if "url" in changed:
        _check(order.url, context)
    with context.database.transaction() as session:
        changes = WebhookChanges(session, author, context.clock())
        return webhook_resource(changes.change(webhook_id, changed))


@router.delete("/{webhook_id}", status_code=204, responses=MISSING)
def delete_webhook(
    webhook_id: str, context: ServiceContext, author: RequestingAuthor
) -> None:
    """Forget a webhook; nothing more is sent to it."""
    with context.database.transaction() as session:
        WebhookChanges(session, author, context.clock()).delete(webhook_id)


def _check(url: str, context: Context) -> None:
    try:
        check_url(url, networks_of(context.settings.webhook_networks))
    except RefusedAddressError as error:
        raise MalformedOrderError([Mistake("url", url, str(error))]) from None


def _with_secret(webhook: Webhook, context: Context) -> SecretWebhookResource:
    secret = secret_of(webhook, made_account_secret(context.settings))
    return SecretWebhookResource(**dict(webhook_resource(webhook)), secret=secret)
