"""Tells listeners when a job has changed: one query for all of them, and no threads.

A listener is a coroutine. While there is any, the jobs that are listened to are looked
up together, a few times a second.
"""

import asyncio
import logging
from collections.abc import Callable, Collection, Mapping

from fastapi.concurrency import run_in_threadpool

from service.errors import StoreUnavailableError
from service.store.jobs import JobSignal

INTERVAL_S = 0.25

Look = Callable[[Collection[str]], Mapping[str, JobSignal]]

logger = logging.getLogger(__name__)


class JobWatch:
    """The listeners of this process; `look` returns the signals of jobs by id."""

    def __init__(self, look: Look, interval_s: float = INTERVAL_S) -> None:
        self._look = look
        self._interval_s = interval_s
        self._listeners: dict[
            str, dict[asyncio.Future[JobSignal | None], JobSignal | None]
        ] = {}
        self._looking: asyncio.Task[None] | None = None
        self.is_closing = False

    @property
    def number_of_listeners(self) -> int:
        """How many wait now."""
        return sum(len(each) for each in self._listeners.values())

    async def changed(
        self, job_id: str, seen: JobSignal | None, timeout_s: float
    ) -> JobSignal | None:
        """Return the signal of a job as soon as it is another one than `seen`.

        Return `seen` at the timeout, or if the server stops; None once the job is gone.
        """
        future = asyncio.get_running_loop().create_future()
        self._listeners.setdefault(job_id, {})[future] = seen
        if self._looking is None or self._looking.done():
            self._looking = asyncio.create_task(self._look_again())
        try:
            return await asyncio.wait_for(future, timeout_s)
        except TimeoutError:
            return seen
        finally:
            self._forget(job_id, future)

    def close(self) -> None:
        """Let all listeners go: the server stops. A signal handler may call it."""
        self.is_closing = True

    def _forget(self, job_id: str, future: asyncio.Future[JobSignal | None]) -> None:
        listeners = self._listeners[job_id]
        del listeners[future]
        if not listeners:
            del self._listeners[job_id]

    async def _look_again(self) -> None:
        while self._listeners:
            if self.is_closing:
                self._release()
                return
            jobs = list(self._listeners)
            try:
                self._tell(jobs, await run_in_threadpool(self._look, jobs))
            except StoreUnavailableError:
                logger.debug("jobs cannot be watched at the moment")
            await asyncio.sleep(self._interval_s)

    def _tell(self, jobs: Collection[str], found: Mapping[str, JobSignal]) -> None:
        for job_id in jobs:
            signal = found.get(job_id)
            for future, seen in self._listeners.get(job_id, {}).items():
                if signal != seen and not future.done():
                    future.set_result(signal)

    def _release(self) -> None:
        for listeners in self._listeners.values():
            for future, seen in listeners.items():
                if not future.done():
                    future.set_result(seen)
