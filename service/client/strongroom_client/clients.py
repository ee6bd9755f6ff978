"""The two clients: settings, opening and closing. Their methods are `Operations`."""

from types import TracebackType
from typing import Any, Self

import httpx2

from strongroom_client.address import Address, read_address
from strongroom_client.key import FreshToken, Key, TokenSource
from strongroom_client.operations import Operations
from strongroom_client.retries import Retries
from strongroom_client.transports import AsyncTransport, BlockingTransport

TIMEOUT_S = 60.0


class Client(Operations, BlockingTransport):
    """A client whose methods return when the answer is there. Threads may share it."""

    def __init__(
        self,
        url: str,
        key: str | TokenSource | None = None,
        *,
        timeout_s: float = TIMEOUT_S,
        retries: Retries | None = None,
        allow_plain_http: bool = False,
        transport: httpx2.BaseTransport | None = None,
    ) -> None:
        """Raise ValueError for a URL or a key that cannot be used.

        key: of an account, or a token of the server's OpenID provider; or a function
        that returns a token that holds, called for each request.
        url: of the server, without /v1. `http` is for this machine only unless
        `allow_plain_http`: the key could be read on the way.
        transport: sends in place of the network, for tests.
        """
        address = read_address(url, allow_plain_http=allow_plain_http)
        http = httpx2.Client(**_settings(address, key, timeout_s), transport=transport)
        super().__init__(http, address, retries or Retries())

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        self.close()

    def __repr__(self) -> str:
        return f"Client({str(self._address)!r})"

    def close(self) -> None:
        """Close the connections."""
        self._http.close()


class AsyncClient(Operations, AsyncTransport):
    """A client for asyncio: methods are awaited, lists are read with `async for`."""

    def __init__(
        self,
        url: str,
        key: str | TokenSource | None = None,
        *,
        timeout_s: float = TIMEOUT_S,
        retries: Retries | None = None,
        allow_plain_http: bool = False,
        transport: httpx2.AsyncBaseTransport | None = None,
    ) -> None:
        """Raise ValueError as `Client` does; the arguments are the same.

        A function for `key` may also return what is awaited.
        """
        address = read_address(url, allow_plain_http=allow_plain_http)
        http = httpx2.AsyncClient(
            **_settings(address, key, timeout_s), transport=transport
        )
        super().__init__(http, address, retries or Retries())

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        await self.aclose()

    def __repr__(self) -> str:
        return f"AsyncClient({str(self._address)!r})"

    async def aclose(self) -> None:
        """Close the connections."""
        await self._http.aclose()


def _settings(
    address: Address, key: str | TokenSource | None, timeout_s: float
) -> dict[str, Any]:
    """Return what both kinds of connection are made with."""
    return {
        "auth": _login(key),
        "timeout": timeout_s,
        # The key is for this server, wherever it may send us.
        "follow_redirects": False,
        # A proxy must not read what goes to this machine or without TLS.
        "trust_env": address.origin.startswith("https:"),
    }


def _login(key: str | TokenSource | None) -> httpx2.Auth | None:
    if key is None:
        return None
    return Key(key) if isinstance(key, str) else FreshToken(key)
