"""Headers that keep a browser from doing more with an answer than was meant."""

from starlette.datastructures import Headers, MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from service.api.answers import LASTING
from service.api.entity_tags import PASSING

# Answers are documents: nothing in them is run, framed, or read by pages of others.
HEADERS = {
    "Content-Security-Policy": "default-src 'none'; frame-ancestors 'none'",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Referrer-Policy": "no-referrer",
    "X-Content-Type-Options": "nosniff",
}


class SecurityHeaders:
    """Middleware: adds the headers to each answer that does not set its own."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer a request; pass on everything else."""
        has_cookie = scope["type"] == "http" and "cookie" in Headers(scope=scope)

        async def send_with_headers(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = MutableHeaders(scope=message)
                for name, value in HEADERS.items():
                    headers.setdefault(name, value)
                # Somebody else may be signed in when a browser shows it again.
                if headers.get("cache-control") == LASTING and has_cookie:
                    headers["Cache-Control"] = PASSING
            await send(message)

        await self._app(scope, receive, send_with_headers)
