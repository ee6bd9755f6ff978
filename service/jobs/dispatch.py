"""Starts a process for each job that is next, and sees to it how the process ends.

A thread of the server. All that it decides on is in the database, so it can be stopped
and started at any time.
"""

import logging
import threading

from models.outcome import Outcome
from service.clock import Clock
from service.errors import JobLostError
from service.jobs.attempt import Attempt
from service.jobs.fork_server import start_fork_server
from service.jobs.process import SolvingProcess
from service.jobs.queue import (
    Claim,
    claim_next,
    claimed,
    conclude,
    fail,
    requeue_running,
)
from service.jobs.workplace import Workplace
from service.store.cases import CaseRepository
from service.store.opening import Store

logger = logging.getLogger(__name__)


class Dispatcher:
    """Keeps as many jobs running as the workplace has slots."""

    def __init__(
        self,
        store: Store,
        clock: Clock,
        workplace: Workplace,
        *,
        poll_interval_s: float = 1.0,
    ) -> None:
        self._database = store.database
        self._ownership = store.ownership
        self._clock = clock
        self._workplace = workplace
        self._poll_interval_s = poll_interval_s
        self._running: list[Attempt] = []
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
        start_fork_server()
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
        ended = [attempt for attempt in self._running if attempt.has_ended]
        self._end_all()
        # Otherwise the next server does it, or has done it.
        if self._ownership.is_held():
            for attempt in ended:
                self._settle(attempt.claim, attempt.ending)
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
        for attempt in list(self._running):
            if attempt.has_ended:
                self._settle(attempt.claim, attempt.ending)
                self._running.remove(attempt)
            elif not self._is_wanted(attempt.claim):
                attempt.finish()
        while (
            len(self._running) < self._workplace.number_of_slots
            and not self._is_stopping
        ):
            with self._database.transaction() as session:
                claim = claim_next(session, self._clock)
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
        # What they have found is stored; their jobs begin anew.
        for attempt in self._running:
            attempt.kill()
        self._running.clear()

    def _start(self, claim: Claim) -> None:
        logger.info("job %s: attempt %d starts", claim.job_id, claim.attempt)
        try:
            with self._database.reading() as session:
                job = claimed(session, claim)
                case = CaseRepository(session).text(job.solved_case_hash)
            process = SolvingProcess.start(self._workplace.task(case))
        except JobLostError:
            # Cancelled at this very moment.
            return
        except Exception as error:
            # Whatever it was: a job without a process must not stay RUNNING.
            logger.exception("job %s: no process", claim.job_id)
            self._settle(claim, f"The solving process could not be started: {error}.")
        else:
            attempt = Attempt(self._database, claim, process, self._clock, self.wake)
            self._running.append(attempt)

    def _is_wanted(self, claim: Claim) -> bool:
        with self._database.reading() as session:
            try:
                claimed(session, claim)
            except JobLostError:
                return False
        return True

    def _settle(self, claim: Claim, ending: Outcome | str) -> None:
        """Write how an attempt ended, unless its job was given up or is another's."""
        with self._database.transaction() as session:
            try:
                if isinstance(ending, str):
                    fail(session, claim, ending, self._clock)
                else:
                    conclude(session, claim, ending, self._clock)
            except JobLostError as error:
                logger.info("job %s: %s", claim.job_id, error)
                return
        if isinstance(ending, str):
            logger.warning("job %s: %s", claim.job_id, ending)

    def _requeue(self) -> None:
        with self._database.transaction() as session:
            number_of_jobs = requeue_running(session)
        if number_of_jobs:
            logger.info("%d running jobs are back in the queue", number_of_jobs)
