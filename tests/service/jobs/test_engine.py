import sys
from collections.abc import Callable, Generator
from contextlib import closing
from datetime import timedelta
from types import SimpleNamespace

import pytest
from dbos import _migration
from dbos._serialization import DefaultSerializer

from models.tables import Priority
from service.clock import Clock, system_clock
from service.jobs.engine.names import Ticket
from service.jobs.engine.port import Engine, PickleRefusedError, TakenTicket
from service.store.database import Database
from service.store.jobs import JobRepository
from tests.service.jobs.conftest import StoredJobs, change_engine, engine_rows


@pytest.fixture
def engine(database: Database) -> Generator[Engine]:
    """Yield the queue of the empty store."""
    with closing(Engine(database)) as engine:
        yield engine


@pytest.fixture
def ticket_of(jobs: StoredJobs, engine: Engine) -> Callable[..., Ticket]:
    """Return what puts a new job in the queue."""

    def submit(priority: int = Priority.INTERACTIVE) -> Ticket:
        job = jobs.queue(priority=priority)
        with jobs.transaction() as session:
            held = JobRepository(session).held(job.id)
            engine.submit(session, held)
            return Ticket.of(held)

    return submit


def test_a_ticket_is_there_after_the_commit(jobs: StoredJobs, engine: Engine) -> None:
    """What is taken back was never in the queue."""
    job = jobs.queue()

    def submit_and_fail() -> None:
        with jobs.transaction() as session:
            engine.submit(session, JobRepository(session).held(job.id))
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        submit_and_fail()
    assert engine.states([Ticket(job.id, 1)]) == {}


@pytest.fixture
def later_python(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let the engine have the SQL that it has in Python 3.12 and later."""
    now, later = "strftime('%s','now')", "unixepoch('subsec')"
    made = [each.replace(now, later) for each in _migration.sqlite_migrations]
    monkeypatch.setattr(_migration, "sqlite_migrations", made)
    python = SimpleNamespace(version_info=(3, 12), maxsize=sys.maxsize)
    monkeypatch.setattr("dbos._sys_db.sys", python)


@pytest.mark.usefixtures("later_python")
@pytest.mark.parametrize("store_url", ["empty sqlite"], indirect=True)
def test_a_later_python_works_with_an_old_sqlite(
    database: Database, engine: Engine, ticket_of: Callable[..., Ticket]
) -> None:
    """SQLite before 3.42 has no times below a second; the engine stores such."""
    engine.prepare()
    ticket = ticket_of()
    assert engine.states([ticket]) == {ticket: "ENQUEUED"}
    (created,) = engine_rows(database, "created_at, updated_at")
    assert min(created) > 1.7e12  # milliseconds


def test_only_id_and_number_go_into_the_engine(
    database: Database, engine: Engine, ticket_of: Callable[..., Ticket]
) -> None:
    """As JSON; the version is not that of the program."""
    ticket = ticket_of()
    assert engine.states([ticket]) == {ticket: "ENQUEUED"}
    (row,) = engine_rows(
        database, "workflow_uuid, name, application_version, serialization"
    )
    assert tuple(row) == (f"{ticket.job_id}.1", "solve", "1", "portable_json")


def test_a_job_put_back_goes_before_others_of_its_priority(
    database: Database, engine: Engine, ticket_of: Callable[..., Ticket]
) -> None:
    """An interactive job before it, though: the smaller number is first."""
    first, second = ticket_of(Priority.BATCH), ticket_of(Priority.BATCH)
    with database.transaction() as session:
        engine.submit(session, JobRepository(session).held(second.job_id))
    urgent = ticket_of()
    in_order = [Ticket.read(row[0]) for row in engine_rows(database, "workflow_uuid")]
    again = Ticket(second.job_id, 2)
    assert in_order == [urgent, again, first, second]


def test_a_cancelled_ticket_is_out_of_the_queue(
    engine: Engine, ticket_of: Callable[..., Ticket]
) -> None:
    """Others stay in it."""
    given_up, other = ticket_of(), ticket_of()
    engine.cancel([given_up])
    engine.cancel([])
    assert engine.states([given_up, other]) == {
        given_up: "CANCELLED",
        other: "ENQUEUED",
    }


def test_holders_of_tickets_are_listed(
    database: Database, engine: Engine, ticket_of: Callable[..., Ticket]
) -> None:
    """By name of the worker, dead or not."""
    ticket = ticket_of()
    change_engine(database, "status = 'PENDING', executor_id = :worker", worker="w")
    assert engine.taken() == [TakenTicket(ticket, "w")]


def test_what_ended_long_ago_is_forgotten(
    engine: Engine, ticket_of: Callable[..., Ticket], clock: Clock
) -> None:
    """What ended just now stays, and what waits, however long."""
    waiting, ended = ticket_of(), ticket_of()
    engine.cancel([ended])
    assert engine.purge(clock()) == 0
    assert engine.purge(system_clock() + timedelta(hours=1)) == 1
    assert engine.states([waiting, ended]) == {waiting: "ENQUEUED"}


def test_nothing_is_unpickled(engine: Engine) -> None:
    """Write access to the engine's tables does not let code run in their readers."""
    assert engine
    with pytest.raises(PickleRefusedError):
        DefaultSerializer().deserialize("gASVBQAAAAAAAABLKi4=")
    with pytest.raises(PickleRefusedError):
        DefaultSerializer().serialize(42)
