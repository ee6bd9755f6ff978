"""Write the progress of a solve, without a transaction for every record."""

import time
from collections.abc import Callable

from models.outcome import ProgressRecord
from service.clock import Clock
from service.jobs.transitions import Claim, followed
from service.store.database import Database
from service.store.progress import ProgressRepository

INTERVAL_S = 0.5


class ProgressWriter:
    """Collects records; writes them when a stage begins, otherwise twice a second.

    `flush` at the end writes the rest; it is lost if the database does not answer for
    two minutes.
    """

    def __init__(
        self,
        database: Database,
        claim: Claim,
        clock: Clock,
        timer: Callable[[], float] = time.monotonic,
    ) -> None:
        self._database = database
        self._claim = claim
        self._clock = clock
        self._timer = timer
        self._waiting: list[ProgressRecord] = []
        self._stage: str | None = None
        self._written_at_s = -INTERVAL_S

    def __call__(self, record: ProgressRecord) -> None:
        """Take a record, and write records if it is time to.

        Raises JobLostError, or StoreUnavailableError; the record is kept then.
        """
        self._waiting.append(record)
        is_new_stage = record.stage != self._stage
        self._stage = record.stage
        if is_new_stage or self._timer() - self._written_at_s >= INTERVAL_S:
            self.flush()

    def flush(self) -> None:
        """Write the collected records in one transaction."""
        if not self._waiting:
            return
        with self._database.transaction() as session:
            job = followed(session, self._claim)
            progress = ProgressRepository(session)
            progress.append(job, self._waiting, at=self._clock())
        self._waiting.clear()
        self._written_at_s = self._timer()
