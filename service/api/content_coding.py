"""Answers in gzip or zstd (RFC 9110, 8.4), for clients that accept one of them.

Only answers to reads are coded: what is shown once, such as a secret, is in answers to
changes, so that the length of no coded answer depends on it. Files that are compressed
already, and streams of events, go out as they are.
"""

import asyncio
import re
from http import HTTPStatus

from starlette.datastructures import Headers, MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send
from starlette_compress import (
    CompressMiddleware,
    add_compress_type,
    remove_compress_type,
)

CODINGS = ("zstd", "gzip")
# Below it a coding saves no packet.
LEAST_BYTES = 1000
# A large document is coded in pieces, between which other requests are answered.
PIECE_BYTES = 2**18
_CODED = re.compile(rf'"([^"]*)-({"|".join(CODINGS)})"')
# Headers of requests with tags that clients have read in answers.
_CONDITIONS = ("if-none-match", "if-match")

# The library keeps one list for the whole process.
for _media_type in ("application/problem+json", "text/csv"):
    add_compress_type(_media_type)
remove_compress_type("text/event-stream")


class ContentCoding:
    """Middleware: codes answers, and gives each coding of an answer a tag of its own.

    Routes see the tags without codings, so that a client may send any that it has read.
    """

    def __init__(self, app: ASGIApp) -> None:
        self._app = app
        self._coding = CompressMiddleware(
            _InPieces(app), minimum_size=LEAST_BYTES, brotli=False
        )

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer a request; pass on everything else."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        known = _take_codings(scope)

        async def send_tagged(message: Message) -> None:
            if message["type"] == "http.response.start":
                _tag(message, known)
            await send(message)

        is_read = scope["method"] == "GET"
        await (self._coding if is_read else self._app)(scope, receive, send_tagged)


class _InPieces:
    """Passes large bodies on in pieces."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        async def send_in_pieces(message: Message) -> None:
            body = message.get("body", b"")
            while message["type"] == "http.response.body" and len(body) > PIECE_BYTES:
                piece = {**message, "body": body[:PIECE_BYTES], "more_body": True}
                await send(piece)
                await asyncio.sleep(0)
                body = body[PIECE_BYTES:]
                message = {**message, "body": body}
            await send(message)

        await self._app(scope, receive, send_in_pieces)


def _take_codings(scope: Scope) -> dict[str, str]:
    """Take codings off the tags of a request; return the tags as they came, by tag."""
    headers = Headers(scope=scope)
    given = [(x, value) for x in _CONDITIONS for value in headers.getlist(x)]
    found = {f'"{x[1]}"': x[0] for _, value in given for x in _CODED.finditer(value)}
    if found:
        scope["headers"] = [
            (name, _CODED.sub(r'"\1"', value.decode("latin-1")).encode("latin-1"))
            if name.decode("latin-1") in _CONDITIONS
            else (name, value)
            for name, value in scope["headers"]
        ]
    return found


def _tag(message: Message, known: dict[str, str]) -> None:
    """Let the tag of an answer be that of its coding."""
    headers = MutableHeaders(scope=message)
    tag, coding = headers.get("etag"), headers.get("content-encoding")
    if tag is None:
        return
    if coding in CODINGS:
        headers["ETag"] = f'{tag[:-1]}-{coding}"'
    elif message["status"] == HTTPStatus.NOT_MODIFIED:
        headers["ETag"] = known.get(tag, tag)
        headers.add_vary_header("Accept-Encoding")
