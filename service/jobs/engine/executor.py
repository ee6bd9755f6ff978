"""The engine in a worker: it takes tickets from the queues and runs their jobs.

There is one in each process, as DBOS requires.
"""

import logging
import time
from collections.abc import Awaitable, Callable
from typing import Any

from dbos import DBOS, DBOSConfig, _workflow_commands
from dbos._error import DBOSAwaitedWorkflowCancelledError
from dbos._serialization import DBOSPortableJSON

from service.jobs.engine.arrivals import Arrivals
from service.jobs.engine.names import (
    APPLICATION,
    QUEUES,
    SHORTEST_PAUSE_S,
    VERSION,
    WORKFLOW,
)
from service.jobs.engine.pause import Pause
from service.jobs.engine.port import refuse_pickle
from service.store.database import Database
from service.store.migrating import ENGINE_SCHEMA

Work = Callable[[str, int], Awaitable[None]]
# From a queue, and the tickets of each that this worker has, to how many it may have.
Allowance = Callable[[str, dict[str, int]], int]
# The engine's own work that is not needed here, or hardly: seconds between rounds.
SELDOM_S = 60.0
ENDING_INTERVAL_S = 0.25


class Executor:
    """Takes as many tickets as its worker allows."""

    def __init__(
        self,
        database: Database,
        worker_id: str,
        *,
        work: Work,
        allowance: Allowance,
        poll_interval_s: float,
        log_level: str,
    ) -> None:
        refuse_pickle()
        self._allowance = allowance
        self._arrivals = Arrivals.of(database)
        self._pause = Pause(poll_interval_s, QUEUES, self._arrivals.none_waits)
        url = database.engine.url
        config = DBOSConfig(
            name=APPLICATION,
            system_database_url=url.render_as_string(hide_password=False),
            dbos_system_schema=ENGINE_SCHEMA,
            serializer=DBOSPortableJSON,
            executor_id=worker_id,
            application_version=VERSION,
            run_migrations=False,
            # It has nothing to notify; its thread ends after this time.
            use_listen_notify=False,
            notification_listener_polling_interval_sec=ENDING_INTERVAL_S,
            scheduler_polling_interval_sec=SELDOM_S,
            log_level="DEBUG" if log_level == "debug" else "WARNING",
        )
        self._engine = DBOS(config=config)
        DBOS.listen_queues(QUEUES)
        _register(work)

    def start(self) -> None:
        """Start to take tickets."""
        # Its log lines are written like all others.
        words = logging.getLogger("dbos")
        words.handlers.clear()
        words.propagate = True
        words.addFilter(_is_of_interest)
        self._slow_down_before()
        DBOS.launch()
        self._slow_down_after()
        self._limit_by_allowance()
        self._look_when_one_ends()
        self._arrivals.start(self._pause.cut_long)

    def started(self) -> list[str]:
        """Return the names of tickets whose jobs run here."""
        engine: Any = self._engine
        return engine._active_workflows_set.activeList()  # noqa: SLF001 - there is no other way

    def stop(self) -> None:
        """Take no further tickets; those that were taken stay taken."""
        self._pause.end()
        self._arrivals.stop()
        DBOS.destroy(destroy_registry=True)

    def _slow_down_before(self) -> None:
        """Let the engine seldom look for work that the service never gives it.

        It has an own queue, and jobs with a delay or an end of their own.
        """
        engine: Any = self._engine
        own = engine._registry.get_internal_queue()  # noqa: SLF001 - there is no other way
        own._polling_interval_sec = SELDOM_S  # noqa: SLF001
        _workflow_commands._BACKGROUND_JOBS_INTERVAL_SEC = SELDOM_S  # noqa: SLF001  # pyright: ignore[reportPrivateUsage]

    def _slow_down_after(self) -> None:
        """Let the engine seldom look whether there are other queues."""
        engine: Any = self._engine
        system = engine._sys_db  # noqa: SLF001 - there is no other way
        read_queues = system.list_queues
        known: list[Any] = []
        read_at_s = -SELDOM_S

        def list_queues(**options: Any) -> list[Any]:  # noqa: ANN401 - the engine's
            nonlocal known, read_at_s
            if not known or time.monotonic() - read_at_s >= SELDOM_S:
                known, read_at_s = read_queues(**options), time.monotonic()
            return known

        system.list_queues = list_queues

    def _limit_by_allowance(self) -> None:
        """Set the limit of this worker each time that the engine reads a queue.

        The row of a queue has one limit for all workers. It is 0, so a worker that does
        not do this takes nothing.
        """
        engine: Any = self._engine
        system = engine._sys_db  # noqa: SLF001 - there is no other way
        active = engine._active_workflows_set  # noqa: SLF001
        read_queue = system.get_queue

        def get_queue(name: str, **options: Any) -> Any:  # noqa: ANN401 - the engine's
            if name in QUEUES:
                # The engine's own wait, which follows, cannot be cut short.
                self._pause.wait(name)
            queue = read_queue(name, **options)
            if queue is not None and name in QUEUES:
                taken = {each: active.count_for_queue(each) for each in QUEUES}
                queue._worker_concurrency = self._allowance(name, taken)  # noqa: SLF001
                queue._polling_interval_sec = SHORTEST_PAUSE_S  # noqa: SLF001
            return queue

        system.get_queue = get_queue

    def _look_when_one_ends(self) -> None:
        """Read the queues as soon as a ticket has ended."""
        engine: Any = self._engine
        active = engine._active_workflows_set  # noqa: SLF001 - there is no other way
        remove = active._remove  # noqa: SLF001

        def remove_and_look(*words: object) -> None:
            remove(*words)
            self._pause.cut_short()

        active._remove = remove_and_look  # noqa: SLF001


def _is_of_interest(record: logging.LogRecord) -> bool:
    """Whether it is not the expected traceback of a cancelled ticket."""
    error = record.exc_info[1] if record.exc_info else None
    return not isinstance(error, DBOSAwaitedWorkflowCancelledError)


def _register(work: Work) -> None:
    """Register the one workflow and its one step by name."""

    @DBOS.step(name=WORKFLOW, preemptible=True)
    async def step(job_id: str, ticket: int) -> None:
        await work(job_id, ticket)

    @DBOS.workflow(name=WORKFLOW)
    async def workflow(job_id: str, ticket: int) -> None:
        await step(job_id, ticket)
