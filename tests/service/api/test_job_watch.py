"""Listeners are told of changes, by one query for all of them."""

import asyncio
import threading
from collections.abc import Collection, Mapping

import pytest

from service.api.job_watch import JobWatch
from service.errors import StoreUnavailableError
from service.store.jobs import JobSignal

QUEUED, RUNNING = JobSignal("QUEUED", 0, None, 0), JobSignal("RUNNING", 1, None, 0)
INTERVAL_S = 0.005


class Jobs:
    """Jobs that a watch looks up, and how often it did."""

    def __init__(self, **signals: JobSignal) -> None:
        self.signals: dict[str, JobSignal] = signals
        self.looks: list[Collection[str]] = []
        self.is_down = False
        self._looked = threading.Semaphore(0)

    async def looked(self, times: int) -> None:
        """Return after so many further looks."""
        for _ in range(times):
            await asyncio.to_thread(self._looked.acquire)

    def look(self, job_ids: Collection[str]) -> Mapping[str, JobSignal]:
        """Return the signals of the jobs that there are."""
        self.looks.append(job_ids)
        self._looked.release()
        if self.is_down:
            raise StoreUnavailableError
        return {x: self.signals[x] for x in job_ids if x in self.signals}


def test_a_thousand_listeners_are_told_by_few_queries() -> None:
    """Each query is about both jobs, once each."""

    async def listen() -> None:
        jobs = Jobs(a=QUEUED, b=QUEUED)
        watch = JobWatch(jobs.look, INTERVAL_S)
        listening = [
            asyncio.create_task(watch.changed("ab"[i % 2], QUEUED, 60))
            for i in range(1000)
        ]
        await jobs.looked(3)
        assert watch.number_of_listeners == 1000
        jobs.signals["a"] = RUNNING
        assert set(await asyncio.gather(*listening[::2])) == {RUNNING}
        del jobs.signals["b"]
        assert set(await asyncio.gather(*listening[1::2])) == {None}
        assert {tuple(sorted(each)) for each in jobs.looks} <= {("a", "b"), ("b",)}
        assert watch.number_of_listeners == 0

    asyncio.run(listen())


@pytest.mark.parametrize("is_closing", [True, False])
def test_a_listener_goes_away_at_its_time_or_when_the_server_stops(
    *, is_closing: bool
) -> None:
    """It has what it had; nobody looks for it any longer."""

    async def listen() -> None:
        jobs = Jobs(a=QUEUED)
        watch = JobWatch(jobs.look, INTERVAL_S)
        if is_closing:
            watch.close()
        seen = await watch.changed("a", QUEUED, 60 if is_closing else INTERVAL_S)
        assert (seen, watch.number_of_listeners) == (QUEUED, 0)

    asyncio.run(listen())


def test_a_listener_outlives_a_database_that_is_down() -> None:
    """It is told of what has changed once the database is back."""

    async def listen() -> None:
        jobs = Jobs(a=RUNNING)
        jobs.is_down = True
        watch = JobWatch(jobs.look, INTERVAL_S)
        listening = asyncio.create_task(watch.changed("a", QUEUED, 60))
        await jobs.looked(2)
        jobs.is_down = False
        assert await listening == RUNNING

    asyncio.run(listen())
