"""Many clients listen to one job; a server that stops lets them go."""

import asyncio
import signal

import httpx2
import psutil
import pytest

from tests.journeys.server import Server, order_of
from tests.service.fake_solver import Behaviour

pytestmark = pytest.mark.journey
NUMBER_OF_LISTENERS = 100


async def listened(url: str, began: asyncio.Semaphore) -> str:
    """Return all that a stream sends until it ends, and note its first line."""
    limits = httpx2.Limits(max_connections=None)
    async with (
        httpx2.AsyncClient(timeout=60, limits=limits) as client,
        client.stream("GET", url) as answer,
    ):
        text = ""
        async for part in answer.aiter_text():
            if "first plan" in part and "first plan" not in text:
                began.release()
            text += part
    return text


@pytest.mark.parametrize("store_url", ["sqlite"], indirect=True)
def test_many_listeners_need_no_threads(server: Server, case_hash: str) -> None:
    """Each has the whole log; those of a job that goes on are let go at the end."""

    def begun() -> str:
        body = order_of(case_hash, Behaviour.GO_ON_WITH_A_PLAN)
        fresh = {"Cache-Control": "no-cache"}
        job = server.client.post("/v1/jobs", json=body, headers=fresh).json()
        return str(server.client.base_url.join(f"{job['href']}/events"))

    async def listen(url: str) -> list[str]:
        began = asyncio.Semaphore(0)
        streams = [
            asyncio.create_task(listened(url, began))
            for _ in range(NUMBER_OF_LISTENERS)
        ]
        for _ in streams:
            await began.acquire()
        # The pool has 40 threads, whoever uses them.
        assert psutil.Process(server.pid).num_threads() < NUMBER_OF_LISTENERS
        server.tell()
        return await asyncio.gather(*streams)

    async def listen_until_the_server_stops(url: str) -> str:
        began = asyncio.Semaphore(0)
        stream = asyncio.create_task(listened(url, began))
        await began.acquire()
        await asyncio.to_thread(server.end, signal.SIGTERM)
        # Cut off in the middle, it would raise.
        return await stream

    texts = asyncio.run(listen(begun()))
    assert len(texts) == NUMBER_OF_LISTENERS
    assert all('"state":"SUCCEEDED"' in text for text in texts)
    server.forget_what_was_told()
    assert "SUCCEEDED" not in asyncio.run(listen_until_the_server_stops(begun()))
