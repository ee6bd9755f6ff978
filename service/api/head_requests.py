"""HEAD for each path that GET has: the same status and headers, and no content."""

from starlette.types import ASGIApp, Message, Receive, Scope, Send


class HeadRequests:
    """Middleware: answers HEAD as GET, without the content."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer a request; pass on everything but HEAD."""
        if scope["type"] != "http" or scope["method"] != "HEAD":
            await self._app(scope, receive, send)
            return
        is_over = False

        async def send_head(message: Message) -> None:
            nonlocal is_over
            if message["type"] == "http.response.start":
                await send(message)
            elif not is_over:
                # At once: a stream would go on for minutes.
                is_over = True
                await send({"type": "http.response.body", "body": b""})

        # The web server must still see that no content is to come.
        read = {**scope, "method": "GET"}
        try:
            await self._app(read, receive, send_head)
        finally:
            scope["route"] = read.get("route")
