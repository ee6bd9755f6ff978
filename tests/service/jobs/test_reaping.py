import threading
from collections.abc import Callable, Generator
from contextlib import closing

import pytest

from models.tables import Job, JobState
from service.jobs.engine.names import Ticket
from service.jobs.engine.port import Engine
from service.jobs.lease import Lease
from service.jobs.reaping import (
    UnstartedTickets,
    requeue_forgotten,
    requeue_orphans,
    requeue_own,
)
from service.jobs.transitions import Claim, cancel_all, claim_job, hand_back, refuse
from service.store.database import Database
from service.store.jobs import JobRepository
from service.store.workers import WorkerRepository
from tests.service.interference import others_wait, together
from tests.service.jobs.conftest import StoredJobs, change_engine
from tests.service.waiting import wait_until

TakenBy = Callable[[str], tuple[Job, Claim]]
LIVING, DEAD = "living", "dead"


@pytest.fixture
def engine(database: Database) -> Generator[Engine]:
    """Yield the queue of the empty store."""
    with closing(Engine(database)) as engine:
        yield engine


@pytest.fixture(autouse=True)
def workers(jobs: StoredJobs) -> None:
    """Have a living worker, and one whose lease is over."""
    for name, lease_s in ((LIVING, 60.0), (DEAD, 0.0)):
        Lease(
            jobs.database, name, number_of_slots=1, lease_s=lease_s, clock=jobs.clock
        ).begin()


@pytest.fixture
def taken_by(jobs: StoredJobs, engine: Engine) -> TakenBy:
    """Return what lets a worker take a new job by its ticket."""

    def take(worker_id: str) -> tuple[Job, Claim]:
        job = jobs.queue()
        with jobs.transaction() as session:
            engine.submit(session, JobRepository(session).held(job.id))
        change_engine(
            jobs.database,
            "status = 'PENDING', executor_id = :worker WHERE workflow_uuid = :name",
            worker=worker_id,
            name=Ticket(job.id, 1).name,
        )
        claim = jobs.change(claim_job, job.id, 1, worker_id)
        assert claim is not None
        return job, claim

    return take


def test_the_job_of_a_dead_worker_is_queued_again(
    jobs: StoredJobs, engine: Engine, taken_by: TakenBy
) -> None:
    """Under a new ticket; what a living worker has stays with it."""
    (lost, _), (kept, _) = taken_by(DEAD), taken_by(LIVING)
    requeue_orphans(jobs.database, engine, jobs.clock)
    assert (jobs.read(lost).state, jobs.read(kept).state) == (
        JobState.QUEUED,
        JobState.RUNNING,
    )
    tickets = Ticket(lost.id, 1), Ticket(lost.id, 2), Ticket(kept.id, 1)
    states = "CANCELLED", "ENQUEUED", "PENDING"
    assert engine.states(tickets) == dict(zip(tickets, states, strict=True))


def test_a_lost_job_is_counted_once(
    jobs: StoredJobs, engine: Engine, taken_by: TakenBy
) -> None:
    """All workers do so, perhaps at the same time."""
    lost, _ = taken_by(DEAD)
    together(*[lambda: requeue_orphans(jobs.database, engine, jobs.clock)] * 4)
    job = jobs.read(lost)
    assert (job.state, job.lost_attempts, job.ticket) == (JobState.QUEUED, 1, 2)


def test_a_ticket_that_died_early_is_replaced(jobs: StoredJobs, engine: Engine) -> None:
    """The job waits as before; that was no attempt."""
    job = jobs.queue()
    with jobs.transaction() as session:
        engine.submit(session, JobRepository(session).held(job.id))
    change_engine(
        jobs.database, "status = 'PENDING', executor_id = :worker", worker=DEAD
    )
    requeue_orphans(jobs.database, engine, jobs.clock)
    waiting = jobs.read(job)
    assert (waiting.ticket, waiting.lost_attempts) == (2, 0)
    assert engine.states([Ticket.of(waiting)]) == {Ticket.of(waiting): "ENQUEUED"}


def test_a_ticket_that_was_taken_and_not_started_is_replaced(
    jobs: StoredJobs, engine: Engine
) -> None:
    """By its worker, if it is so twice; what has started stays."""
    lost, running = jobs.queue(), jobs.queue()
    for job in (lost, running):
        with jobs.transaction() as session:
            engine.submit(session, JobRepository(session).held(job.id))
    change_engine(
        jobs.database, "status = 'PENDING', executor_id = :worker", worker=LIVING
    )
    started = [Ticket(running.id, 1).name]
    of_others = UnstartedTickets(jobs.database, engine, "another", list)
    own = UnstartedTickets(jobs.database, engine, LIVING, lambda: started)
    for unstarted, number in ((of_others, 1), (of_others, 1), (own, 1), (own, 2)):
        unstarted.requeue()
        assert (jobs.read(lost).ticket, jobs.read(running).ticket) == (number, 1)
    tickets = Ticket(lost.id, 1), Ticket(lost.id, 2), Ticket(running.id, 1)
    states = "CANCELLED", "ENQUEUED", "PENDING"
    assert engine.states(tickets) == dict(zip(tickets, states, strict=True))


def test_a_job_of_an_older_version_is_queued(jobs: StoredJobs, engine: Engine) -> None:
    """Its tables had no ticket; an upgrade finds it as it was."""
    job = jobs.queue()
    assert job.ticket == 0
    requeue_orphans(jobs.database, engine, jobs.clock)
    requeue_orphans(jobs.database, engine, jobs.clock)
    assert jobs.read(job).ticket == 1
    assert engine.states([Ticket(job.id, 1)]) == {Ticket(job.id, 1): "ENQUEUED"}


def test_a_job_run_by_an_older_version_waits(jobs: StoredJobs, engine: Engine) -> None:
    """No worker has it: the server that ran it has ended."""
    job, _ = jobs.start()
    with jobs.transaction() as session:
        JobRepository(session).held(job.id).worker_id = None
    requeue_orphans(jobs.database, engine, jobs.clock)
    assert jobs.read(job).state is JobState.QUEUED


def test_a_stopping_worker_requeues_its_jobs(
    jobs: StoredJobs, engine: Engine, taken_by: TakenBy
) -> None:
    """Its lease ends with it."""
    begun, claim = taken_by(LIVING)
    with jobs.transaction() as session:
        hand_back(session, claim)
    requeue_own(jobs.database, engine, LIVING)
    assert jobs.read(begun).ticket == 2
    assert engine.states([Ticket(begun.id, 2)]) == {Ticket(begun.id, 2): "ENQUEUED"}
    with jobs.reading() as session:
        assert WorkerRepository(session).number_living() == 0


@pytest.mark.parametrize("is_end", [True, False])
def test_cancelling_many_jobs_does_not_deadlock(
    jobs: StoredJobs, engine: Engine, *, is_end: bool
) -> None:
    """Another worker queues the same jobs meanwhile, in another order."""
    first, second = jobs.queue(), jobs.queue(seed=7)
    with jobs.transaction() as session:
        engine.submit(session, JobRepository(session).held(first.id))
    worker = LIVING if is_end else DEAD
    change_engine(
        jobs.database, "status = 'PENDING', executor_id = :worker", worker=worker
    )
    has_first = threading.Event()

    def give_up() -> None:
        with jobs.transaction() as session:
            stored = JobRepository(session)
            held = [stored.held(first.id)]
            has_first.set()
            wait_until(lambda: others_wait(jobs.database))
            cancel_all([*held, stored.held(second.id)], jobs.clock)

    def look_after() -> None:
        has_first.wait()
        if is_end:
            requeue_own(jobs.database, engine, LIVING)
        else:
            requeue_orphans(jobs.database, engine, jobs.clock)

    together(give_up, look_after)
    states = {jobs.read(job).state for job in (first, second)}
    assert states == {JobState.CANCELLED}


def test_a_refused_ticket_is_replaced(jobs: StoredJobs, engine: Engine) -> None:
    """A worker took it that just ends; only the last ticket can be refused."""
    job = jobs.queue()
    requeue_orphans(jobs.database, engine, jobs.clock)
    for number in (1, 1, 7):
        with jobs.transaction() as session:
            refuse(session, job.id, number)
        requeue_orphans(jobs.database, engine, jobs.clock)
    assert jobs.read(job).ticket == 2


def test_a_ticket_the_engine_lost_is_replaced(jobs: StoredJobs, engine: Engine) -> None:
    """As after a restored backup, or rows deleted by hand."""
    lost, kept = jobs.queue(), jobs.queue()
    with jobs.transaction() as session:
        for job in (lost, kept):
            engine.submit(session, JobRepository(session).held(job.id))
    engine.cancel([Ticket(lost.id, 1)])
    requeue_forgotten(jobs.database, engine)
    requeue_forgotten(jobs.database, engine)
    assert (jobs.read(lost).ticket, jobs.read(kept).ticket) == (2, 1)
