"""The engine in a worker: it takes tickets from the queues and has them worked on.

One for each process, as the engine has it.
"""

import logging
import threading
from collections.abc import Awaitable, Callable, Collection
from typing import Any

from dbos import DBOS, DBOSConfig
from dbos._error import DBOSAwaitedWorkflowCancelledError
from dbos._serialization import DBOSPortableJSON
from sqlalchemy import URL

from service.jobs.engine.names import (
    APPLICATION,
    QUEUES,
    SHORTEST_PAUSE_S,
    VERSION,
    WORKFLOW,
)
from service.jobs.engine.port import refuse_pickle
from service.store.migrating import ENGINE_SCHEMA

Work = Callable[[str, int], Awaitable[None]]
# How many tickets of a queue this worker may have, from how many it has of each.
Allowance = Callable[[str, dict[str, int]], int]


class Executor:
    """Takes tickets for a worker, as many as it allows."""

    def __init__(
        self,
        url: URL,
        worker_id: str,
        *,
        work: Work,
        allowance: Allowance,
        poll_interval_s: float,
        log_level: str,
    ) -> None:
        refuse_pickle()
        self._allowance = allowance
        self._pause = _Pause(poll_interval_s, QUEUES)
        config = DBOSConfig(
            name=APPLICATION,
            system_database_url=url.render_as_string(hide_password=False),
            dbos_system_schema=ENGINE_SCHEMA,
            serializer=DBOSPortableJSON,
            executor_id=worker_id,
            application_version=VERSION,
            run_migrations=False,
            log_level="DEBUG" if log_level == "debug" else "WARNING",
        )
        self._engine = DBOS(config=config)
        DBOS.listen_queues(QUEUES)
        _register(work)

    def start(self) -> None:
        """Begin to take tickets."""
        # Its words go where those of all others go.
        words = logging.getLogger("dbos")
        words.handlers.clear()
        words.propagate = True
        words.addFilter(_is_of_interest)
        DBOS.launch()
        self._limit_by_allowance()
        self._look_when_one_ends()

    def stop(self) -> None:
        """Take no more, and work on none; what was taken stays taken."""
        self._pause.end()
        DBOS.destroy(destroy_registry=True)

    def _limit_by_allowance(self) -> None:
        """Let this worker say how much it takes.

        The engine reads the limit of a queue from a row before each look, the same for
        all workers; there it is 0, so nobody takes anything that does not do this.
        """
        engine: Any = self._engine
        system = engine._sys_db  # noqa: SLF001 - there is no other way
        active = engine._active_workflows_set  # noqa: SLF001
        read_queue = system.get_queue

        def get_queue(name: str, **options: Any) -> Any:  # noqa: ANN401 - the engine's
            if name in QUEUES:
                # The engine's own wait, which follows, nothing cuts short.
                self._pause.wait(name)
            queue = read_queue(name, **options)
            if queue is not None and name in QUEUES:
                taken = {each: active.count_for_queue(each) for each in QUEUES}
                queue._worker_concurrency = self._allowance(name, taken)  # noqa: SLF001
                queue._polling_interval_sec = SHORTEST_PAUSE_S  # noqa: SLF001
            return queue

        system.get_queue = get_queue

    def _look_when_one_ends(self) -> None:
        """Look into the queues as soon as the engine counts a ticket as ended."""
        engine: Any = self._engine
        active = engine._active_workflows_set  # noqa: SLF001 - there is no other way
        remove = active._remove  # noqa: SLF001

        def remove_and_look(*words: object) -> None:
            remove(*words)
            self._pause.cut_short()

        active._remove = remove_and_look  # noqa: SLF001


class _Pause:
    """A wait of its own for each queue, over as soon as a slot of the worker frees."""

    def __init__(self, interval_s: float, queues: Collection[str]) -> None:
        self._interval_s = interval_s
        # Set: the first look is at once.
        self._is_over = {name: threading.Event() for name in queues}
        self._has_ended = False
        self.cut_short()

    def wait(self, queue: str) -> None:
        """Wait for the interval, or until it is cut short: now, or since the last."""
        self._is_over[queue].wait(self._interval_s)
        if not self._has_ended:
            self._is_over[queue].clear()

    def cut_short(self) -> None:
        """Have each queue looked into now."""
        for is_over in self._is_over.values():
            is_over.set()

    def end(self) -> None:
        """Let nobody wait any more."""
        self._has_ended = True
        self.cut_short()


def _is_of_interest(record: logging.LogRecord) -> bool:
    """Whether it is no traceback of a ticket that was cancelled, as it should be."""
    error = record.exc_info[1] if record.exc_info else None
    return not isinstance(error, DBOSAwaitedWorkflowCancelledError)


def _register(work: Work) -> None:
    """Let the engine know the one workflow with its one step, by name."""

    @DBOS.step(name=WORKFLOW, preemptible=True)
    async def step(job_id: str, ticket: int) -> None:
        await work(job_id, ticket)

    @DBOS.workflow(name=WORKFLOW)
    async def workflow(job_id: str, ticket: int) -> None:  # pyright: ignore[reportUnusedFunction]
        await step(job_id, ticket)
