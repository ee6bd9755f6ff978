"""Receivers of events: made, tried, paused, given another secret, and forgotten.

A secret is in the answer to the form that makes it, as a new key is, and nowhere else.
"""

from collections.abc import Mapping

from fastapi import Response as ApiResponse
from starlette.responses import Response

from models.mistakes import Mistake
from models.webhook import SUBSCRIBABLE
from service.api.context import Context, ServiceContext
from service.api.cursors import Listed, RequestedList
from service.api.identity import RequestingAuthor
from service.api.webhook_resource import SecretWebhookResource
from service.api.webhooks import (
    change_webhook,
    create_webhook,
    delete_webhook,
    get_webhook,
    list_deliveries,
    list_webhooks,
    ping_webhook,
    replay_delivery,
    rotate_webhook_secret,
)
from service.console.forms import Fields, number_in
from service.console.registry import FORMS, PAGES
from service.console.view import OpenView, View, page_router, redirect
from service.errors import MalformedOrderError

USUAL_HOURS = 24
EVENT = "event-"  # begins the names of boxes; the event is the value

router = page_router()


@router.get(PAGES["show_webhooks"].path)
def show_webhooks(view: OpenView, context: ServiceContext, listed: Listed) -> Response:
    """Return the receivers of events, in pages, and a form for another one."""
    return _list(view, context, listed, {}, {})


@router.post(FORMS["make_webhook"].path)
def make_webhook(
    view: OpenView,
    context: ServiceContext,
    author: RequestingAuthor,
    listed: Listed,
    fields: Fields,
) -> Response:
    """Tell a receiver of events from now on, and show its secret for the only time."""
    order = {
        "url": fields.get("url", ""),
        "name": fields.get("name", ""),
        "events": _events(fields),
    }
    try:
        made = create_webhook(order, ApiResponse(), context, author)
    except MalformedOrderError as error:
        return _list(view, context, listed, fields, _by_field(error.mistakes))
    return _shown_once(view, made)


@router.get(PAGES["show_webhook"].path)
def show_webhook(
    webhook_id: str, view: OpenView, context: ServiceContext, listed: Listed
) -> Response:
    """Return a receiver, and what was sent to it."""
    return _one(webhook_id, view, context, listed, {}, {})


@router.post(FORMS["rotate_secret"].path)
def rotate_secret(
    webhook_id: str,
    view: OpenView,
    context: ServiceContext,
    author: RequestingAuthor,
    listed: Listed,
    fields: Fields,
) -> Response:
    """Give a receiver another secret, and show it for the only time."""
    order = {"overlap_hours": number_in(fields.get("overlap_hours", ""))}
    try:
        changed = rotate_webhook_secret(webhook_id, order, context, author)
    except MalformedOrderError as error:
        wrong = _by_field(error.mistakes)
        return _one(webhook_id, view, context, listed, fields, wrong)
    return _shown_once(view, changed)


@router.post(FORMS["switch_webhook"].path)
def switch_webhook(
    webhook_id: str, context: ServiceContext, author: RequestingAuthor, fields: Fields
) -> Response:
    """Pause a receiver, so that what is to be sent waits, or go on with it."""
    order = {"is_enabled": fields.get("is_enabled") == "true"}
    change_webhook(webhook_id, order, context, author)
    return redirect(_path(webhook_id))


@router.post(FORMS["send_ping"].path)
def send_ping(
    webhook_id: str, context: ServiceContext, author: RequestingAuthor
) -> Response:
    """Send an event that says nothing, and lead back to what was sent."""
    ping_webhook(webhook_id, context, author)
    return redirect(_path(webhook_id))


@router.post(FORMS["send_again"].path)
def send_again(
    webhook_id: str,
    delivery_id: str,
    context: ServiceContext,
    author: RequestingAuthor,
) -> Response:
    """Send something again, and lead back to what was sent."""
    replay_delivery(webhook_id, delivery_id, context, author)
    return redirect(_path(webhook_id))


@router.post(FORMS["forget_webhook"].path)
def forget_webhook(
    webhook_id: str, context: ServiceContext, author: RequestingAuthor
) -> Response:
    """Forget a receiver, and lead back to the others."""
    delete_webhook(webhook_id, context, author)
    return redirect(PAGES["show_webhooks"].path)


def _list(
    view: View,
    context: Context,
    listed: RequestedList,
    typed: Mapping[str, str],
    wrong: Mapping[str, str],
) -> Response:
    found = list_webhooks(ApiResponse(), context, listed)
    return view.answer(
        PAGES["show_webhooks"].template,
        PAGES["show_webhooks"],
        status=422 if wrong else 200,
        webhooks=found.items,
        following=found.next,
        events=SUBSCRIBABLE,
        ticked=_events(typed) if typed else SUBSCRIBABLE,
        typed=typed,
        wrong=wrong,
    )


def _one(
    webhook_id: str,
    view: View,
    context: Context,
    listed: RequestedList,
    typed: Mapping[str, str],
    wrong: Mapping[str, str],
) -> Response:
    found = list_deliveries(webhook_id, ApiResponse(), context, listed)
    return view.answer(
        PAGES["show_webhook"].template,
        PAGES["show_webhook"],
        status=422 if wrong else 200,
        webhook=get_webhook(webhook_id, context),
        deliveries=found.items,
        following=found.next,
        overlap_hours=typed.get("overlap_hours", USUAL_HOURS),
        wrong=wrong,
    )


def _shown_once(view: View, webhook: SecretWebhookResource) -> Response:
    """Return the page with a new secret. Nothing keeps it."""
    page = PAGES["show_webhook"]
    answer = view.answer("new_secret.html", page, status=200, webhook=webhook)
    answer.headers["Cache-Control"] = "no-store"
    del answer.headers["ETag"]
    return answer


def _events(fields: Mapping[str, str]) -> list[str]:
    """Return the events that are ticked in a form."""
    return [x for name, x in fields.items() if name.startswith(EVENT)]


def _by_field(mistakes: tuple[Mistake, ...]) -> Mapping[str, str]:
    return {x.path.partition("[")[0]: x.expected for x in mistakes}


def _path(webhook_id: str) -> str:
    return f"{PAGES['show_webhooks'].path}/{webhook_id}"
