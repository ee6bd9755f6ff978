"""Paths without a version, as they were before `/v1`: they answer until the sunset.

Answers to them name the path to use instead: Deprecation (RFC 9745), Sunset and Link
(RFC 8594). The description of the interface does not list them.
"""

import datetime as dt
from email.utils import format_datetime
from urllib.parse import quote

from starlette.datastructures import MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from service.api.paths import requested, versioned

NOUNS = frozenset(
    {"audit", "batches", "cases", "evaluations", "jobs", "plans", "schema"}
)
DEPRECATED_SINCE = dt.datetime(2026, 11, 30, tzinfo=dt.UTC)
SUNSET = dt.datetime(2027, 6, 30, tzinfo=dt.UTC)


class UnversionedPaths:
    """Middleware: answers a path without a version as that of the present version."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer a request; pass on everything that has a version or needs none."""
        path = requested(scope) if scope["type"] == "http" else ""
        if path.removeprefix("/").partition("/")[0] in NOUNS:
            scope["path"] = versioned(path)
            send = _deprecated(send, quote(versioned(path)))
        await self._app(scope, receive, send)


def _deprecated(send: Send, successor: str) -> Send:
    """Return what adds the headers of a deprecated path to an answer."""

    async def send_with_headers(message: Message) -> None:
        if message["type"] == "http.response.start":
            headers = MutableHeaders(scope=message)
            headers["Deprecation"] = f"@{int(DEPRECATED_SINCE.timestamp())}"
            headers["Sunset"] = format_datetime(SUNSET, usegmt=True)
            headers.append("Link", f'<{successor}>; rel="successor-version"')
        await send(message)

    return send_with_headers
