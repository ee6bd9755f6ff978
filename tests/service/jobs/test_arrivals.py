"""A worker is told of each ticket, whatever becomes of its connection."""

import threading
from collections.abc import Callable, Generator
from contextlib import closing

import pytest
from sqlmodel import text

from service.jobs.engine.arrivals import CHANNEL, Arrivals
from service.jobs.engine.names import QUEUES
from service.jobs.engine.pause import LONG_PAUSE_S, Pause
from service.jobs.engine.port import Engine
from service.store.database import Database
from service.store.jobs import JobRepository
from tests.service.jobs.conftest import StoredJobs, change_engine
from tests.service.waiting import CEILING_S, wait_until

LISTENERS = f"""
SELECT pid FROM pg_stat_activity
WHERE datname = current_database() AND query = 'LISTEN {CHANNEL}'
"""  # noqa: S608
SHORT_S = 1e-3


@pytest.fixture
def told() -> threading.Event:
    """Return what is set when an arrival is told."""
    return threading.Event()


@pytest.fixture
def arrivals(database: Database, told: threading.Event) -> Generator[Arrivals]:
    """Yield what tells of arrivals in the empty store, as soon as it does."""
    arrivals = Arrivals.of(database)
    arrivals.start(told.set)
    wait_until(arrivals.none_waits)
    told.clear()
    yield arrivals
    arrivals.stop()


@pytest.fixture
def put(jobs: StoredJobs) -> Generator[Callable[[], None]]:
    """Yield what puts a job in the queue."""
    with closing(Engine(jobs.database)) as engine:

        def submit() -> None:
            job = jobs.queue()
            with jobs.transaction() as session:
                engine.submit(session, JobRepository(session).held(job.id))

        yield submit


def test_a_ticket_is_told(
    arrivals: Arrivals,
    told: threading.Event,
    put: Callable[[], None],
    database: Database,
) -> None:
    """It waits until it is taken."""
    assert arrivals.none_waits()
    put()
    assert told.wait(CEILING_S)
    assert not arrivals.none_waits()
    change_engine(database, "status = 'PENDING'")
    assert arrivals.none_waits()


@pytest.mark.parametrize("store_url", ["postgresql"], indirect=True)
def test_a_lost_connection_is_opened_again(
    arrivals: Arrivals,
    told: threading.Event,
    put: Callable[[], None],
    database: Database,
) -> None:
    """What came in between is told as well."""

    def listeners() -> list[int]:
        with database.reading() as session:
            return [row[0] for row in session.connection().execute(text(LISTENERS))]

    (lost,) = listeners()
    with database.reading() as session:
        session.connection().execute(text(f"SELECT pg_terminate_backend({lost})"))
    put()
    assert told.wait(CEILING_S)
    wait_until(lambda: listeners() not in ([], [lost]))
    change_engine(database, "status = 'PENDING'")
    wait_until(arrivals.none_waits)
    told.clear()
    put()
    assert told.wait(CEILING_S)


def test_before_it_tells_nobody_relies_on_it(database: Database) -> None:
    """Workers look as often as they are set."""
    arrivals = Arrivals.of(database)
    assert not arrivals.none_waits()
    arrivals.stop()


def reader(pause: Pause) -> threading.Thread:
    """Return a thread that reads a queue after a wait."""
    # The first wait is over at once.
    pause.wait(QUEUES[0])
    thread = threading.Thread(target=pause.wait, args=(QUEUES[0],))
    thread.start()
    return thread


def test_a_short_wait_is_not_cut_by_arrivals() -> None:
    """Else each of a thousand orders would be a look at the queues."""
    is_asked = threading.Event()
    pause = Pause(CEILING_S, QUEUES, lambda: is_asked.set() is not None)
    waits = reader(pause)
    assert is_asked.wait(CEILING_S)
    # The answer is kept at once after it was given.
    waits.join(0.1)
    pause.cut_long()
    waits.join(0.1)
    assert waits.is_alive()
    pause.cut_short()
    waits.join(CEILING_S)
    assert not waits.is_alive()


def test_what_arrives_while_it_asks_ends_the_wait() -> None:
    """The answer that nothing waits may be old by then."""
    pause = Pause(CEILING_S, QUEUES, lambda: pause.cut_long() is None)
    waits = reader(pause)
    waits.join(CEILING_S)
    assert not waits.is_alive()


def test_short_waits_end_by_themselves() -> None:
    """While a ticket waits."""
    waits = reader(Pause(SHORT_S, QUEUES, lambda: False))
    waits.join(LONG_PAUSE_S / 2)
    assert not waits.is_alive()
