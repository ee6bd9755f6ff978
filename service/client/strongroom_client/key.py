"""The key or token of an account: it goes into the header of requests, nowhere else."""

import inspect
from collections.abc import AsyncGenerator, Awaitable, Callable, Generator

import httpx2

from strongroom_client.errors import TokenMissingError

# Returns a token that holds; an AsyncClient may be given one that is awaited.
TokenSource = Callable[[], str | Awaitable[str]]
UNAUTHENTICATED = 401


class Key(httpx2.Auth):
    """A key, which neither repr nor str shows."""

    def __init__(self, text: str) -> None:
        if not _can_be_sent(text):
            # Not the text: whoever logs the error would have the key.
            msg = "the key has no character, or one that no key has"
            raise ValueError(msg)
        self.__text = text

    def __repr__(self) -> str:
        return "Key('...')"

    def __reduce__(self) -> str:
        """Refuse to be pickled, raising TypeError: a file would hold the key."""
        msg = "a key cannot be pickled"
        raise TypeError(msg)

    def auth_flow(
        self, request: httpx2.Request
    ) -> Generator[httpx2.Request, httpx2.Response]:
        """Put the key into a request."""
        _put(request, self.__text)
        yield request


class FreshToken(httpx2.Auth):
    """Tokens that a function gives, called for each request.

    If one is refused, the function is called again, and the request is sent once more
    if it gives another token then.
    """

    def __init__(self, source: TokenSource) -> None:
        self._source = source

    def sync_auth_flow(
        self, request: httpx2.Request
    ) -> Generator[httpx2.Request, httpx2.Response]:
        """Put a token into a request."""
        _put(request, self._source())
        sent = request.headers["Authorization"]
        response = yield request
        if response.status_code == UNAUTHENTICATED:
            _put(request, self._source())
            if request.headers["Authorization"] != sent:
                yield request

    async def async_auth_flow(
        self, request: httpx2.Request
    ) -> AsyncGenerator[httpx2.Request, httpx2.Response]:
        """Put a token into a request, without holding up other tasks."""
        _put(request, await self._given())
        sent = request.headers["Authorization"]
        response = yield request
        if response.status_code == UNAUTHENTICATED:
            _put(request, await self._given())
            if request.headers["Authorization"] != sent:
                yield request

    async def _given(self) -> str:
        given = self._source()
        return await given if inspect.isawaitable(given) else given


def _put(request: httpx2.Request, text: object) -> None:
    """Put a key or token into a request; raise TokenMissingError if it is none."""
    if not isinstance(text, str) or not _can_be_sent(text):
        raise TokenMissingError
    request.headers["Authorization"] = f"Bearer {text}"


def _can_be_sent(text: str) -> bool:
    return bool(text) and text.isascii() and text.isprintable() and " " not in text
