"""For receivers of webhooks: whether a request is from the server, and new."""

import hmac
import json
import time
from base64 import b64decode, b64encode
from collections.abc import Mapping
from typing import Any

from strongroom_client.errors import StrongroomError

PREFIX = "whsec_"
# Of the clocks of sender and receiver; an older request may be a recorded one.
TOLERANCE_S = 300


class WebhookError(StrongroomError):
    """A request is not one that the server sent, or not now."""


def verified_webhook(
    secret: str,
    headers: Mapping[str, str],
    body: bytes,
    *,
    now_s: float | None = None,
) -> dict[str, Any]:
    """Return the event in a request (Standard Webhooks), or raise WebhookError.

    The same event may come more than once: `webhook-id` tells it.

    secret: whsec_..., from `create_webhook` or `rotate_webhook_secret`.
    body: the bytes that came, before anything reads them.
    """
    given = {name.lower(): value for name, value in headers.items()}
    try:
        name, sent, signatures = (
            given[f"webhook-{x}"] for x in ("id", "timestamp", "signature")
        )
        seconds = int(sent)
    except (KeyError, ValueError):
        msg = "It has no headers webhook-id, webhook-timestamp and webhook-signature."
        raise WebhookError(msg) from None
    now_s = time.time() if now_s is None else now_s
    if abs(now_s - seconds) > TOLERANCE_S:
        msg = (
            f"It was sent {now_s - seconds:.0f} s ago, expected at most {TOLERANCE_S}."
        )
        raise WebhookError(msg)
    key = b64decode(secret.removeprefix(PREFIX))
    content = f"{name}.{sent}.".encode() + body
    digest = b64encode(hmac.digest(key, content, "sha256")).decode()
    wanted = f"v1,{digest}".encode()
    matches = [hmac.compare_digest(wanted, x.encode()) for x in signatures.split()]
    if not any(matches):
        msg = "It is not signed with this secret."
        raise WebhookError(msg)
    event: dict[str, Any] = json.loads(body)
    return event
