import threading
from collections.abc import Callable, Generator
from contextlib import closing

import pytest

from models.tables import Job, JobState
from service.clock import Clock
from service.jobs.engine.names import Ticket
from service.jobs.engine.port import Engine
from service.jobs.lease import Lease
from service.jobs.reaping import requeue_forgotten, requeue_orphans, requeue_own
from service.jobs.transitions import Claim, cancel_all, claim, hand_back, refuse
from service.store.database import Database
from service.store.jobs import JobRepository
from service.store.workers import WorkerRepository
from tests.service.interference import others_wait, together
from tests.service.jobs.conftest import Queue, Read, Started, change_engine
from tests.service.waiting import wait_until

LIVING, DEAD = "living", "dead"


@pytest.fixture
def engine(database: Database) -> Generator[Engine]:
    """Yield the queue of the empty store."""
    with closing(Engine(database)) as engine:
        yield engine


@pytest.fixture(autouse=True)
def workers(database: Database, clock: Clock) -> None:
    """Have a living worker, and one whose lease is over."""
    for name, lease_s in ((LIVING, 60.0), (DEAD, 0.0)):
        Lease(database, name, number_of_slots=1, lease_s=lease_s, clock=clock).begin()


@pytest.fixture
def taken_by(
    database: Database, engine: Engine, queue_job: Queue, clock: Clock
) -> Callable[[str], tuple[Job, Claim]]:
    """Return what lets a worker take a new job by its ticket."""

    def take(worker_id: str) -> tuple[Job, Claim]:
        job = queue_job()
        with database.transaction() as session:
            engine.submit(session, JobRepository(session).held(job.id))
        change_engine(
            database,
            "status = 'PENDING', executor_id = :worker WHERE workflow_uuid = :name",
            worker=worker_id,
            name=Ticket(job.id, 1).name,
        )
        with database.transaction() as session:
            right = claim(session, job.id, 1, worker_id, clock)
        assert right is not None
        return job, right

    return take


def test_the_job_of_a_dead_worker_is_queued_again(
    database: Database,
    engine: Engine,
    read_job: Read,
    clock: Clock,
    taken_by: Callable[[str], tuple[Job, Claim]],
) -> None:
    """Under a new ticket; what a living worker has stays with it."""
    (lost, _), (kept, _) = taken_by(DEAD), taken_by(LIVING)
    requeue_orphans(database, engine, clock)
    assert (read_job(lost).state, read_job(kept).state) == (
        JobState.QUEUED,
        JobState.RUNNING,
    )
    tickets = Ticket(lost.id, 1), Ticket(lost.id, 2), Ticket(kept.id, 1)
    states = "CANCELLED", "ENQUEUED", "PENDING"
    assert engine.states(tickets) == dict(zip(tickets, states, strict=True))


def test_several_that_look_after_a_job_count_it_lost_once(
    database: Database,
    engine: Engine,
    read_job: Read,
    clock: Clock,
    taken_by: Callable[[str], tuple[Job, Claim]],
) -> None:
    """All workers do so, perhaps at the same time."""
    lost, _ = taken_by(DEAD)
    together(*[lambda: requeue_orphans(database, engine, clock)] * 4)
    job = read_job(lost)
    assert (job.state, job.lost_attempts, job.ticket) == (JobState.QUEUED, 1, 2)


def test_a_ticket_that_died_before_its_job_began_is_replaced(
    database: Database, engine: Engine, queue_job: Queue, read_job: Read, clock: Clock
) -> None:
    """The job waits as before; that was no attempt."""
    job = queue_job()
    with database.transaction() as session:
        engine.submit(session, JobRepository(session).held(job.id))
    change_engine(database, "status = 'PENDING', executor_id = :worker", worker=DEAD)
    requeue_orphans(database, engine, clock)
    waiting = read_job(job)
    assert (waiting.ticket, waiting.lost_attempts) == (2, 0)
    assert engine.states([Ticket.of(waiting)]) == {Ticket.of(waiting): "ENQUEUED"}


def test_a_job_of_an_older_version_is_put_in_the_queue(
    database: Database, engine: Engine, queue_job: Queue, read_job: Read, clock: Clock
) -> None:
    """Its tables had no ticket; an upgrade finds it as it was."""
    job = queue_job()
    assert job.ticket == 0
    requeue_orphans(database, engine, clock)
    requeue_orphans(database, engine, clock)
    assert read_job(job).ticket == 1
    assert engine.states([Ticket(job.id, 1)]) == {Ticket(job.id, 1): "ENQUEUED"}


def test_a_job_that_ran_on_an_older_version_is_queued_again(
    database: Database, engine: Engine, start_job: Started, read_job: Read, clock: Clock
) -> None:
    """No worker has it: the server that ran it has ended."""
    job, _ = start_job()
    with database.transaction() as session:
        JobRepository(session).held(job.id).worker_id = None
    requeue_orphans(database, engine, clock)
    assert read_job(job).state is JobState.QUEUED


def test_a_worker_that_ends_leaves_its_jobs_to_others_at_once(
    database: Database,
    engine: Engine,
    read_job: Read,
    taken_by: Callable[[str], tuple[Job, Claim]],
) -> None:
    """Its lease ends with it."""
    begun, right = taken_by(LIVING)
    with database.transaction() as session:
        hand_back(session, right)
    requeue_own(database, engine, LIVING)
    assert read_job(begun).ticket == 2
    assert engine.states([Ticket(begun.id, 2)]) == {Ticket(begun.id, 2): "ENQUEUED"}
    with database.reading() as session:
        assert WorkerRepository(session).number_living() == 0


@pytest.mark.parametrize("is_end", [True, False])
def test_whoever_gives_up_many_jobs_is_not_stuck(
    database: Database,
    engine: Engine,
    queue_job: Queue,
    read_job: Read,
    clock: Clock,
    *,
    is_end: bool,
) -> None:
    """Another worker queues the same jobs meanwhile, in another order."""
    first, second = queue_job(), queue_job(seed=7)
    with database.transaction() as session:
        engine.submit(session, JobRepository(session).held(first.id))
    worker = LIVING if is_end else DEAD
    change_engine(database, "status = 'PENDING', executor_id = :worker", worker=worker)
    has_first = threading.Event()

    def give_up() -> None:
        with database.transaction() as session:
            jobs = JobRepository(session)
            held = [jobs.held(first.id)]
            has_first.set()
            wait_until(lambda: others_wait(database))
            cancel_all([*held, jobs.held(second.id)], clock)

    def look_after() -> None:
        has_first.wait()
        if is_end:
            requeue_own(database, engine, LIVING)
        else:
            requeue_orphans(database, engine, clock)

    together(give_up, look_after)
    states = {read_job(job).state for job in (first, second)}
    assert states == {JobState.CANCELLED}


def test_a_ticket_that_is_refused_is_replaced(
    database: Database, engine: Engine, queue_job: Queue, read_job: Read, clock: Clock
) -> None:
    """A worker took it that just ends; only the last ticket can be refused."""
    job = queue_job()
    requeue_orphans(database, engine, clock)
    for number in (1, 1, 7):
        with database.transaction() as session:
            refuse(session, job.id, number)
        requeue_orphans(database, engine, clock)
    assert read_job(job).ticket == 2


def test_a_ticket_that_the_engine_lost_is_replaced(
    database: Database, engine: Engine, queue_job: Queue, read_job: Read
) -> None:
    """As after a restored backup, or rows deleted by hand."""
    lost, kept = queue_job(), queue_job()
    with database.transaction() as session:
        for job in (lost, kept):
            engine.submit(session, JobRepository(session).held(job.id))
    engine.cancel([Ticket(lost.id, 1)])
    requeue_forgotten(database, engine)
    requeue_forgotten(database, engine)
    assert (read_job(lost).ticket, read_job(kept).ticket) == (2, 1)
