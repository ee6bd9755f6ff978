"""The jobs that a worker runs: claim a job, start its process, write its answer.

Every decision is read from the database. A worker that dies leaves rows that say which
jobs it had, and another worker takes these over.
"""

import asyncio
import logging
import threading
from collections.abc import Callable
from typing import TypeVar

from models.failure import Failure
from models.tables import JobState, Priority
from service.clock import Clock
from service.errors import JobLostError, StoreUnavailableError
from service.jobs.analyses import KeptAnalysis, conclude_analysis
from service.jobs.attempt import Attempt, Ending
from service.jobs.engine.names import BATCH, INTERACTIVE, Ticket
from service.jobs.evaluations import KeptEvaluation, conclude_evaluation
from service.jobs.failures import NOT_STORED, not_started
from service.jobs.messages import PortionDone
from service.jobs.portions import conclude_portion
from service.jobs.process import SolvingProcess
from service.jobs.transitions import (
    Claim,
    claim_job,
    claimed,
    conclude,
    fail,
    hand_back,
    refuse,
)
from service.jobs.worker_config import WorkerConfig, task_of
from service.store.database import Database
from service.store.jobs import JobRepository
from service.store.opening import Store

Answer = TypeVar("Answer")

LOOK_INTERVAL_S = 0.2
SHORTEST_PAUSE_S, LONGEST_PAUSE_S = 0.1, 2.0

logger = logging.getLogger(__name__)


class JobRunner:
    """The jobs of one worker, at most one at a time in each of its slots."""

    def __init__(
        self, store: Store, worker_id: str, config: WorkerConfig, clock: Clock
    ) -> None:
        self._store = store
        self._database = store.database
        self._worker_id = worker_id
        self._config = config
        self._clock = clock
        self._slots = asyncio.Semaphore(config.number_of_slots)
        self._attempts: dict[Claim, Attempt] = {}
        self._lock = threading.Lock()
        self._is_ending = threading.Event()
        # Set when a portion has ended here: its analysis may be due.
        self.portion_ended = threading.Event()

    def allowance(self, queue: str, taken: dict[str, int]) -> int:
        """Return how many tickets of a queue the worker may have, its own included.

        With two or more slots, one is never used for a batch. No job of a batch is
        started while an interactive job waits.
        """
        if self._is_ending.is_set():
            return 0
        slots = self._config.number_of_slots
        if queue == BATCH:
            is_reserved = slots > 1 and not taken[INTERACTIVE]
            slots -= is_reserved or self._one_waits()
        return max(0, slots - sum(taken.values())) + taken[queue]

    async def work(self, job_id: str, number: int) -> None:
        """Run the job of a ticket; a cancelled one ends with its best plan so far."""
        is_given_up = threading.Event()
        async with self._slots:
            solving = asyncio.ensure_future(
                asyncio.to_thread(self.run_ticket, Ticket(job_id, number), is_given_up)
            )
            try:
                await asyncio.shield(solving)
            except asyncio.CancelledError:
                is_given_up.set()
                await solving
                raise

    def run_ticket(self, ticket: Ticket, is_given_up: threading.Event) -> None:
        """Run the job of a ticket, unless it has a later ticket."""
        claim = self._until_answered(lambda: self._claim(ticket))
        if claim is None:
            return
        logger.info("job %s: attempt %d starts", claim.job_id, claim.attempt)
        attempt = self._until_answered(lambda: self._start(claim))
        if attempt is None:
            return
        while not attempt.ends_within(LOOK_INTERVAL_S):
            if is_given_up.is_set():
                attempt.finish()
        if attempt.was_killed:
            self._until_answered(lambda: self._hand_back(claim))
        # A lost attempt stays lost: a database that was restored to an earlier moment
        # may give another worker the same claim.
        elif not attempt.was_lost:
            self._until_answered(lambda: self._settle(claim, attempt.ending))
        with self._lock:
            del self._attempts[claim]

    def end_stale_attempts(self) -> None:
        """End the processes of jobs that were cancelled or belong to another worker."""
        with self._lock:
            attempts = dict(self._attempts)
        for claim, attempt in attempts.items():
            with self._database.reading() as session:
                job = JobRepository(session).get(claim.job_id)
                if (job.state, job.attempt) == (JobState.CANCELLED, claim.attempt):
                    attempt.finish()
                elif (job.state, job.attempt) != (JobState.RUNNING, claim.attempt):
                    attempt.kill()

    def end(self, patience_s: float = 10.0) -> None:
        """End all processes, queue their jobs again, and start no others."""
        self._is_ending.set()
        with self._lock:
            attempts = list(self._attempts.values())
        for attempt in attempts:
            attempt.kill()
        pause = threading.Event()
        for _ in range(int(patience_s / LOOK_INTERVAL_S)):
            with self._lock:
                if not self._attempts:
                    return
            pause.wait(LOOK_INTERVAL_S)

    def _one_waits(self) -> bool:
        with self._database.reading() as session:
            return JobRepository(session).one_waits_before(Priority.BATCH)

    def _claim(self, ticket: Ticket) -> Claim | None:
        with self._database.transaction() as session:
            if self._is_ending.is_set():
                refuse(session, ticket.job_id, ticket.number)
                return None
            return claim_job(
                session, ticket.job_id, ticket.number, self._worker_id, self._clock
            )

    def _start(self, claim: Claim) -> Attempt | None:
        try:
            with self._within(claim).reading() as session:
                job = claimed(session, claim)
                task = task_of(session, job, self._config)
            process = SolvingProcess.start(task)
        except JobLostError:
            # It has just been cancelled.
            return None
        except StoreUnavailableError:
            raise
        except Exception as error:
            # Any error: a job without a process must not stay RUNNING.
            logger.exception("job %s: its process did not start", claim.job_id)
            self._settle(claim, not_started(error))
            return None
        attempt = Attempt(self._store, claim, process, self._clock)
        with self._lock:
            self._attempts[claim] = attempt
        if self._is_ending.is_set():
            attempt.kill()
        return attempt

    def _settle(self, claim: Claim, ending: Ending) -> None:
        """Write how an attempt ended, unless it no longer has its job."""
        try:
            self._write(claim, ending)
        except StoreUnavailableError:
            raise
        except Exception:
            # Any error: a job without a process must not stay RUNNING.
            logger.exception("job %s: %s", claim.job_id, NOT_STORED.reason)
            self._write(claim, NOT_STORED)

    def _write(self, claim: Claim, ending: Ending) -> None:
        with self._within(claim).transaction() as session:
            try:
                if isinstance(ending, Failure):
                    fail(session, claim, ending, self._clock)
                elif isinstance(ending, KeptEvaluation):
                    conclude_evaluation(session, claim, ending, self._clock)
                elif isinstance(ending, KeptAnalysis):
                    conclude_analysis(session, claim, ending, self._clock)
                elif isinstance(ending, PortionDone):
                    conclude_portion(session, claim, self._clock)
                else:
                    conclude(session, claim, ending, self._clock)
            except JobLostError as error:
                logger.info("job %s: %s", claim.job_id, error)
                return
        if isinstance(ending, PortionDone):
            self.portion_ended.set()
        if isinstance(ending, Failure):
            logger.warning("job %s: %s", claim.job_id, ending.reason)

    def _hand_back(self, claim: Claim) -> None:
        with self._within(claim).transaction() as session:
            try:
                hand_back(session, claim)
            except JobLostError as error:
                logger.info("job %s: %s", claim.job_id, error)

    def _within(self, claim: Claim) -> Database:
        """Return the database as the organisation of the job sees it."""
        return self._database.within(claim.organisation)

    def _until_answered(self, action: Callable[[], Answer]) -> Answer | None:
        """Repeat action until the database answers; None if the worker ends before."""
        pause_s = SHORTEST_PAUSE_S
        while True:
            try:
                return action()
            except StoreUnavailableError:
                if self._is_ending.wait(pause_s):
                    return None
                pause_s = min(2 * pause_s, LONGEST_PAUSE_S)
