"""The two ways to send: blocking, and for asyncio. Only here is anything sent."""

import asyncio
import time
from collections.abc import AsyncIterator, Iterator
from typing import Any, TypeVar, cast

import httpx2
from pydantic_core import to_json

from strongroom_client.address import Address
from strongroom_client.call import Call
from strongroom_client.errors import UnreachableError
from strongroom_client.exchange import Attempt, Flow, Item, Pause, Step, exchange
from strongroom_client.retries import Retries

T = TypeVar("T")

NEVER_SENT = (
    httpx2.ConnectError,
    httpx2.ConnectTimeout,
    httpx2.PoolTimeout,
    httpx2.ProxyError,
    httpx2.UnsupportedProtocol,
)


class BlockingTransport:
    """Carries out flows, one step after the other."""

    def __init__(self, http: httpx2.Client, address: Address, retries: Retries) -> None:
        self._http = http
        self._address = address
        self._retries = retries

    def run(self, flow: Flow[T]) -> T:
        """Return the result of a flow."""
        came: object = None
        while True:
            try:
                step = flow.send(came)
            except StopIteration as end:
                return cast("T", end.value)
            came = self._carry_out(step)

    def iterate(self, flow: Flow[None]) -> Iterator[Any]:
        """Yield the items of a flow."""
        came: object = None
        while True:
            try:
                step = flow.send(came)
            except StopIteration:
                return
            if isinstance(step, Item):
                yield step.value
                came = None
            else:
                came = self._carry_out(step)

    def _carry_out(self, step: Step) -> object:
        match step:
            case Call():
                return self.run(exchange(step, self._retries))
            case Attempt():
                return self._attempt(step.call)
            case Pause():
                return time.sleep(step.seconds)
            case Item():
                return None

    def _attempt(self, call: Call[Any]) -> httpx2.Response | UnreachableError:
        try:
            return self._http.send(request_of(self._http, self._address, call))
        except httpx2.RequestError as error:
            return unreachable(self._address, error)


class AsyncTransport:
    """Carries out flows while other tasks of the loop go on."""

    def __init__(
        self, http: httpx2.AsyncClient, address: Address, retries: Retries
    ) -> None:
        self._http = http
        self._address = address
        self._retries = retries

    async def run(self, flow: Flow[T]) -> T:
        """Return the result of a flow."""
        came: object = None
        while True:
            try:
                step = flow.send(came)
            except StopIteration as end:
                return cast("T", end.value)
            came = await self._carry_out(step)

    async def iterate(self, flow: Flow[None]) -> AsyncIterator[Any]:
        """Yield the items of a flow."""
        came: object = None
        while True:
            try:
                step = flow.send(came)
            except StopIteration:
                return
            if isinstance(step, Item):
                yield step.value
                came = None
            else:
                came = await self._carry_out(step)

    async def _carry_out(self, step: Step) -> object:
        match step:
            case Call():
                return await self.run(exchange(step, self._retries))
            case Attempt():
                return await self._attempt(step.call)
            case Pause():
                return await asyncio.sleep(step.seconds)
            case Item():
                return None

    async def _attempt(self, call: Call[Any]) -> httpx2.Response | UnreachableError:
        try:
            return await self._http.send(request_of(self._http, self._address, call))
        except httpx2.RequestError as error:
            return unreachable(self._address, error)


def request_of(
    http: httpx2.Client | httpx2.AsyncClient, address: Address, call: Call[Any]
) -> httpx2.Request:
    """Return the request of a call to the server at an address."""
    to = address.of_link if call.is_link else address.of_path
    query = {name: value for name, value in call.query.items() if value is not None}
    if call.body is None:
        content, typed = None, dict[str, str]()
    else:
        # Takes dates too, which YAML has.
        content, typed = to_json(call.body), {"Content-Type": "application/json"}
    return http.build_request(
        call.method,
        to(call.path),
        params=query or None,
        content=content,
        headers={**typed, **call.headers},
        timeout=_patience(http.timeout, call.wait_s),
    )


def _patience(usual: httpx2.Timeout, wait_s: float) -> httpx2.Timeout:
    read_s = None if usual.read is None else usual.read + wait_s
    return httpx2.Timeout(
        connect=usual.connect, read=read_s, write=usual.write, pool=usual.pool
    )


def unreachable(address: Address, error: httpx2.RequestError) -> UnreachableError:
    """Return why no answer came. The error itself, which has the key, is dropped."""
    what = f"{type(error).__name__} {error}".strip()
    return UnreachableError(
        f"{address} did not answer: {what}", was_sent=not isinstance(error, NEVER_SENT)
    )
