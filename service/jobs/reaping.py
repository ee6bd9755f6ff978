"""Requeue jobs that would be lost: those of dead workers, and those with no ticket.

Every worker does this, several at once if need be: each job is changed in a transaction
that locks it.
"""

import logging
from collections.abc import Callable, Collection, Sequence

from sqlmodel import Session

from models.tables import JobState
from service.clock import Clock
from service.jobs.engine.names import Ticket
from service.jobs.engine.port import RUNNING, WAITING, Engine
from service.jobs.transitions import give_up_lost
from service.store.database import Database
from service.store.jobs import JobRepository
from service.store.workers import WorkerRepository

AT_A_TIME = 500
OLDEST = 200

logger = logging.getLogger(__name__)


def requeue_orphans(database: Database, engine: Engine, clock: Clock) -> None:
    """Requeue the jobs of dead workers, and queued jobs that have no ticket.

    So are jobs whose last portion has ended: no worker has them.
    """
    # Before workers are read: a worker that has a ticket by now is among them.
    taken = engine.taken()
    with database.transaction() as session:
        workers = WorkerRepository(session)
        workers.remove_dead()
        living = workers.living()
        jobs = JobRepository(session)
        for job in jobs.orphaned(living):
            worker_id = job.worker_id
            if give_up_lost(job, clock):
                engine.submit(session, job)
            if worker_id is None:
                logger.info("job %s: its portions have ended", job.id)
                continue
            logger.warning(
                "job %s: worker %s is dead, now %s", job.id, worker_id, job.state
            )
        put_in_queue(session, engine, AT_A_TIME)
    _replace(database, engine, [x.ticket for x in taken if x.worker_id not in living])


def may_have_orphans(database: Database) -> bool:
    """Return whether `requeue_orphans` may find any; this takes a tenth of its time."""
    with database.reading() as session:
        return (
            JobRepository(session).has_unfinished()
            or WorkerRepository(session).has_dead()
        )


def put_in_queue(session: Session, engine: Engine, limit: int) -> None:
    """Put up to `limit` jobs in the queue that are not in it, in their order."""
    for job in JobRepository(session).astray(limit):
        engine.submit(session, job)


def requeue_own(database: Database, engine: Engine, worker_id: str) -> None:
    """Remove a worker that ends, and requeue its jobs."""
    own = [one.ticket for one in engine.taken() if one.worker_id == worker_id]
    with database.transaction() as session:
        WorkerRepository(session).remove(worker_id)
        put_in_queue(session, engine, AT_A_TIME)
    _replace(database, engine, own)


class UnstartedTickets:
    """Tickets that a worker took but never started.

    The connection may break between the two: the database has the ticket with the
    worker, and the worker has never heard of it.
    """

    def __init__(
        self,
        database: Database,
        engine: Engine,
        worker_id: str,
        started: Callable[[], Collection[str]],
    ) -> None:
        self._database = database
        self._engine = engine
        self._worker_id = worker_id
        self._started = started
        self._seen: Collection[Ticket] = ()

    def requeue(self) -> None:
        """Requeue the jobs whose tickets were such before, and still are.

        A ticket that was only just taken, or has just ended, is such for a moment.
        """
        taken = self._engine.taken()
        started = self._started()
        own = [x.ticket for x in taken if x.worker_id == self._worker_id]
        found = [x for x in own if x.name not in started]
        lost = [x for x in found if x in self._seen]
        self._seen = found
        if lost:
            names = ", ".join(x.name for x in lost)
            logger.warning("tickets %s were taken and not started", names)
            _replace(self._database, self._engine, lost)


def requeue_forgotten(database: Database, engine: Engine) -> None:
    """Requeue the oldest queued jobs whose tickets the engine does not have.

    There are none unless the engine's tables were changed by hand.
    """
    with database.reading() as session:
        queued = JobRepository(session).longest_queued(OLDEST)
        tickets = [Ticket.of(job) for job in queued if job.is_in_queue]
    states = engine.states(tickets)
    forgotten = [
        ticket for ticket in tickets if states.get(ticket) not in {*WAITING, RUNNING}
    ]
    if not forgotten:
        return
    with database.transaction() as session:
        for ticket in forgotten:
            _submit_again(JobRepository(session), engine, ticket)


def _replace(database: Database, engine: Engine, tickets: Sequence[Ticket]) -> None:
    """Put jobs in the queue again, and cancel their earlier tickets."""
    for ticket in tickets:
        # One by one: a transaction that waits for a job must not lock others.
        with database.transaction() as session:
            _submit_again(JobRepository(session), engine, ticket)
    engine.cancel(tickets)


def _submit_again(jobs: JobRepository, engine: Engine, ticket: Ticket) -> None:
    job = jobs.find(ticket.job_id)
    if job is not None and job.state is JobState.QUEUED and job.ticket == ticket.number:
        engine.submit(jobs.session, job)
