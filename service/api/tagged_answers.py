"""Entity tags of answers to which no route gives one: lists, and all other JSON."""

import hashlib

from starlette.datastructures import Headers, MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from service.api.entity_tags import PASSING, is_known

JSON = "application/json"


class TaggedAnswers:
    """Middleware: tags each JSON that is read, and answers 304 to clients that have it.

    The tag is made of the answer itself, so it tells no more than that.
    """

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer a request; pass on all that is not read."""
        if scope["type"] != "http" or scope["method"] != "GET":
            await self._app(scope, receive, send)
            return
        known = Headers(scope=scope).get("if-none-match")
        begun: Message | None = None

        async def send_tagged(message: Message) -> None:
            nonlocal begun
            if message["type"] == "http.response.start" and _is_untagged(message):
                begun = message
                return
            if begun is not None:
                message = _tag(begun, message, known)
                await send(begun)
                begun = None
            await send(message)

        await self._app(scope, receive, send_tagged)


def _is_untagged(start: Message) -> bool:
    headers = Headers(raw=start["headers"])
    is_read = start["status"] == 200 and headers.get("content-type") == JSON  # noqa: PLR2004
    return is_read and not {"etag", "cache-control"} & set(headers)


def _tag(start: Message, body: Message, known: str | None) -> Message:
    """Tag an answer that is whole, and return its body, which is empty if known."""
    if body.get("more_body"):
        return body
    tag = f'"{hashlib.sha256(body["body"]).hexdigest()}"'
    headers = MutableHeaders(scope=start)
    headers.update({"ETag": tag, "Cache-Control": PASSING})
    if not is_known(tag, known):
        return body
    start["status"] = 304
    for name in ("content-type", "content-length"):
        del headers[name]
    return {**body, "body": b""}
