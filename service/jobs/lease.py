"""The lease of a worker: while it is renewed, others treat the worker as alive."""

import os
import secrets
import socket
import time
from collections.abc import Callable
from importlib.metadata import version

from sqlmodel import Session

from models.tables import Worker
from service.clock import Clock
from service.store.database import Database
from service.store.workers import WorkerRepository

RENEWED_AFTER = 1 / 6  # of the lease


def new_worker_id() -> str:
    """Return a name that is never used twice."""
    return f"{socket.gethostname()[:200]}-{os.getpid()}-{secrets.token_hex(4)}"


class Lease:
    """The lease of a worker."""

    def __init__(
        self,
        database: Database,
        worker_id: str,
        *,
        number_of_slots: int,
        lease_s: float,
        clock: Clock,
        timer: Callable[[], float] = time.monotonic,
    ) -> None:
        self._database = database
        self._worker_id = worker_id
        self._number_of_slots = number_of_slots
        self.duration_s = lease_s
        self._clock = clock
        self._timer = timer
        self._renewed_at_s = timer()
        self._in_time_since_s = timer()

    @property
    def may_judge(self) -> bool:
        """Whether this worker may treat others whose lease has expired as dead.

        A worker that was late itself may not: what delayed it may have delayed the
        others. They get a whole lease to come back.
        """
        now_s = self._timer()
        is_late = now_s - self._renewed_at_s > self.duration_s / 2
        return not is_late and now_s - self._in_time_since_s >= self.duration_s

    @property
    def is_due(self) -> bool:
        """Whether it is time to renew the lease; others may judge long after."""
        return self._timer() - self._renewed_at_s >= self.duration_s * RENEWED_AFTER

    def begin(self) -> None:
        """Store the worker, before it takes any job."""
        with self._database.transaction() as session:
            self._add(session)
        # A new worker was not late.
        self._renewed_at_s = self._timer()
        self._in_time_since_s = self._renewed_at_s - self.duration_s

    def renew(self) -> None:
        """Start the lease again, also if the worker was treated as dead."""
        with self._database.transaction() as session:
            workers = WorkerRepository(session)
            if not workers.renew(self._worker_id, lease_s=self.duration_s):
                self._add(session)
        now_s = self._timer()
        if now_s - self._renewed_at_s > self.duration_s / 2:
            self._in_time_since_s = now_s
        self._renewed_at_s = now_s

    def _add(self, session: Session) -> None:
        worker = Worker(
            id=self._worker_id,
            number_of_slots=self._number_of_slots,
            version=version("strongroom"),
            started_at=self._clock(),
            expires_at_s=0.0,
        )
        WorkerRepository(session).add(worker, lease_s=self.duration_s)
