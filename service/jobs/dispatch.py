"""Starts a process for each job that is next, and sees to it how the process ends.

A thread of the server. All that it decides on is in the database, so it can be stopped
and started at any time.
"""

import logging
import threading
from collections.abc import Mapping, Sequence

from service.clock import Clock
from service.errors import JobLostError
from service.jobs.process import DEFAULT_COMMAND, AttemptProcess
from service.jobs.queue import Claim, claim_oldest, claimed, fail, requeue_running
from service.store.opening import Store

logger = logging.getLogger(__name__)


class Dispatcher:
    """Keeps up to `number_of_slots` jobs running."""

    def __init__(
        self,
        store: Store,
        clock: Clock,
        *,
        environment: Mapping[str, str],
        command: Sequence[str] = DEFAULT_COMMAND,
        number_of_slots: int = 1,
        poll_interval_s: float = 1.0,
    ) -> None:
        self._database = store.database
        self._ownership = store.ownership
        self._clock = clock
        self._environment = environment
        self._command = command
        self._number_of_slots = number_of_slots
        self._poll_interval_s = poll_interval_s
        self._running: list[AttemptProcess] = []
        self._news = threading.Event()
        self._is_stopping = False
        self._is_owner = True
        # A daemon: when the server is torn down, the processes see it and end as well.
        self._thread = threading.Thread(
            target=self._run, name="dispatcher", daemon=True
        )

    @property
    def is_alive(self) -> bool:
        """Whether jobs are being looked after."""
        return self._thread.is_alive() and self._is_owner

    def start(self) -> None:
        """Put back what an earlier server left behind, and begin.

        The caller has the store to itself.
        """
        self._requeue()
        self._thread.start()

    def wake(self) -> None:
        """Look at once: a job was queued or cancelled, or a process has ended."""
        self._news.set()

    def stop(self) -> None:
        """End all processes and put their jobs back in the queue."""
        self._is_stopping = True
        self.wake()
        self._thread.join()
        self._end_all()
        # Otherwise the next server does it, or has done it.
        if self._ownership.is_held():
            self._requeue()

    def _run(self) -> None:
        while not self._is_stopping:
            try:
                self._step()
            except Exception:
                # The next look may succeed: the disk was full, the file was locked.
                logger.exception("could not look after the jobs")
            self._news.wait(self._poll_interval_s)
            self._news.clear()

    def _step(self) -> None:
        self._is_owner = self._owns_store()
        if not self._is_owner:
            return
        for process in list(self._running):
            if process.has_ended:
                self._settle(process.claim, process.describe_end())
                self._running.remove(process)
            elif not self._is_claimed(process.claim):
                process.end()
                self._running.remove(process)
        while len(self._running) < self._number_of_slots and not self._is_stopping:
            with self._database.transaction() as session:
                claim = claim_oldest(session, self._clock)
            if claim is None:
                return
            self._start(claim)

    def _owns_store(self) -> bool:
        """Whether the store is ours; if it was lost, try to begin anew."""
        if self._ownership.is_held():
            return True
        self._is_owner = False
        logger.error("the right to this store is lost: all solving processes end")
        self._end_all()
        if not self._ownership.acquire():
            logger.error("another server has this store: no job is started here")
            return False
        try:
            self._requeue()
        except Exception:
            # Else their jobs would wait for processes that are gone.
            self._ownership.close()
            raise
        return True

    def _end_all(self) -> None:
        for process in self._running:
            process.end()
        self._running.clear()

    def _start(self, claim: Claim) -> None:
        logger.info("job %s: attempt %d starts", claim.job_id, claim.attempt)
        try:
            process = AttemptProcess.start(
                claim, self._command, self._environment, self.wake
            )
        except OSError as error:
            self._settle(claim, f"it could not be started ({error.strerror})")
        else:
            self._running.append(process)

    def _is_claimed(self, claim: Claim) -> bool:
        with self._database.reading() as session:
            try:
                claimed(session, claim)
            except JobLostError:
                return False
        return True

    def _settle(self, claim: Claim, end: str) -> None:
        """Fail the job if its process went without writing how it ended."""
        with self._database.transaction() as session:
            try:
                failure = f"The solving process ended without an answer: {end}."
                fail(session, claim, failure, self._clock)
            except JobLostError:
                return
        logger.warning("job %s: %s", claim.job_id, failure)

    def _requeue(self) -> None:
        with self._database.transaction() as session:
            number_of_jobs = requeue_running(session)
        if number_of_jobs:
            logger.info("%d running jobs are back in the queue", number_of_jobs)
