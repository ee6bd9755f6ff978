"""What a worker does beside its jobs: renew its lease, and requeue lost jobs."""

import logging
import threading
import time
from collections.abc import Callable
from datetime import timedelta

from service.clock import Clock
from service.errors import StoreUnavailableError
from service.jobs.engine.port import Engine
from service.jobs.lease import Lease
from service.jobs.reaping import (
    UnstartedTickets,
    may_have_orphans,
    requeue_forgotten,
    requeue_orphans,
)
from service.jobs.runner import JobRunner
from service.store.database import Database

INTERVAL_S = 1.0
# In leases: how long after the end of a lease others may take over its jobs.
NOTICED_AFTER = 0.4
# In rounds.
FORGOTTEN, PURGE = 60, 600
KEPT = timedelta(days=1)

logger = logging.getLogger(__name__)


class Maintenance:
    """A thread that works in rounds."""

    def __init__(
        self,
        database: Database,
        engine: Engine,
        lease: Lease,
        runner: JobRunner,
        unstarted: UnstartedTickets,
        clock: Clock,
    ) -> None:
        self._database = database
        self._engine = engine
        self._lease = lease
        self._runner = runner
        self._unstarted = unstarted
        self._clock = clock
        # In rounds.
        self._orphans = max(1, round(NOTICED_AFTER * lease.duration_s / INTERVAL_S))
        self._is_over = threading.Event()
        self._thread = threading.Thread(
            target=self._run, name="maintenance", daemon=True
        )

    def start(self) -> None:
        """Start the thread."""
        self._thread.start()

    def stop(self) -> None:
        """End the thread, and wait for its end."""
        self._is_over.set()
        self._thread.join()

    def _run(self) -> None:
        number = 0
        while not self._is_over.is_set():
            began_s = time.monotonic()
            for action in self._of_round(number):
                try:
                    action()
                except StoreUnavailableError:
                    # It has been logged. The next round may succeed.
                    break
                except Exception:
                    logger.exception("maintenance failed")
            number += 1
            self._is_over.wait(max(0.1, INTERVAL_S - (time.monotonic() - began_s)))

    def _of_round(self, number: int) -> list[Callable[[], object]]:
        actions: list[Callable[[], object]] = []
        if self._lease.is_due:
            actions.append(self._lease.renew)
        actions.append(self._runner.end_stale_attempts)
        if number % FORGOTTEN == 0 or self._runner.portion_ended.is_set():
            self._runner.portion_ended.clear()
            actions.append(self._requeue_orphans)
        elif number % self._orphans == 0:
            actions.append(self._requeue_if_any)
        if number % FORGOTTEN == 0:
            actions.append(lambda: requeue_forgotten(self._database, self._engine))
        if number % PURGE == 0:
            actions.append(lambda: self._engine.purge(self._clock() - KEPT))
        return actions

    def _requeue_if_any(self) -> None:
        if may_have_orphans(self._database):
            self._requeue_orphans()
            self._unstarted.requeue()

    def _requeue_orphans(self) -> None:
        if self._lease.may_judge:
            requeue_orphans(self._database, self._engine, self._clock)
