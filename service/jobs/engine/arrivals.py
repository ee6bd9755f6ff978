"""What tells a worker that a ticket has come, so that it need not look often.

PostgreSQL notifies. A file of SQLite is asked six times a second whether it has
changed, and if so whether a ticket waits; that is a hundredth of a look at the queues.
"""

import logging
import selectors
import socket
import threading
from abc import ABC, abstractmethod
from collections.abc import Callable
from contextlib import closing
from typing import Any

from sqlalchemy import (
    Engine,
    Integer,
    String,
    column,
    literal_column,
    select,
    table,
    text,
)
from sqlalchemy.exc import SQLAlchemyError
from sqlmodel import Session

from service.errors import StoreUnavailableError
from service.jobs.engine.names import QUEUES
from service.store.database import Database
from service.store.migrating import ENGINE_SCHEMA

CHANNEL = "strongroom_tickets"
ASKING_INTERVAL_S = 0.17
PROBE_INTERVAL_S = 30.0
RETRY_INTERVAL_S = 1.0
_TOLD = "strongroom_tickets_told"

logger = logging.getLogger(__name__)


def tell_arrival(session: Session) -> None:
    """Tell all workers, once the caller's transaction is committed."""
    if session.get_bind().dialect.name == "postgresql" and _TOLD not in session.info:
        session.connection().execute(text(f"SELECT pg_notify('{CHANNEL}', '')"))
        session.info[_TOLD] = True


class Arrivals(ABC):
    """A thread that calls `on_arrival` after a ticket has come."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self._engine = database.engine
        self._query = _waiting_in(database.engine)
        self._is_over = threading.Event()
        self._is_telling = False
        self._thread: threading.Thread | None = None

    @classmethod
    def of(cls, database: Database) -> "Arrivals":
        """Return what tells of arrivals in that database."""
        is_sqlite = database.engine.dialect.name == "sqlite"
        return (AskedArrivals if is_sqlite else NotifiedArrivals)(database)

    def start(self, on_arrival: Callable[[], None]) -> None:
        """Start the thread."""
        self._thread = threading.Thread(
            target=self._run, args=(on_arrival,), name="arrivals", daemon=True
        )
        self._thread.start()

    def stop(self) -> None:
        """End the thread, and wait for its end."""
        self._is_over.set()
        if self._thread is not None:
            self._thread.join()

    def none_waits(self) -> bool:
        """Whether no ticket waits, and the next one will be told."""
        if not self._is_telling:
            return False
        try:
            with self._database.reading() as session:
                return not session.connection().exec_driver_sql(self._query).all()
        except StoreUnavailableError:
            return False

    def _run(self, on_arrival: Callable[[], None]) -> None:
        while not self._is_over.is_set():
            try:
                # A connection of its own: the pool is for what comes and goes.
                connection = self._engine.raw_connection()
                driver = connection.driver_connection
                connection.detach()
                with closing(connection):
                    self._tell(driver, on_arrival)
            except (SQLAlchemyError, self._engine.dialect.loaded_dbapi.Error) as error:
                logger.warning("arrivals of jobs are not told: %s", error)
            finally:
                self._is_telling = False
            self._is_over.wait(RETRY_INTERVAL_S)

    @abstractmethod
    def _tell(self, connection: Any, on_arrival: Callable[[], None]) -> None:  # noqa: ANN401 - of either driver
        """Tell of arrivals until the end, or until the connection is lost."""


class AskedArrivals(Arrivals):
    """Arrivals in a file of SQLite."""

    def _tell(self, connection: Any, on_arrival: Callable[[], None]) -> None:  # noqa: ANN401
        self._is_telling = True
        seen, waits = None, False
        while not self._is_over.wait(ASKING_INTERVAL_S):
            # Before the query, so that no change after it is missed.
            version = connection.execute("PRAGMA data_version").fetchone()
            if version != seen or waits:
                seen = version
                waits = bool(connection.execute(self._query).fetchall())
                if waits:
                    on_arrival()


class NotifiedArrivals(Arrivals):
    """Arrivals in a database of PostgreSQL, which notifies.

    A lost connection is opened again. Until then workers look as often as they are set.
    """

    def __init__(self, database: Database) -> None:
        super().__init__(database)
        self._ending, self._end = socket.socketpair()

    def stop(self) -> None:
        """End the thread, and wait for its end."""
        self._is_over.set()
        self._end.send(b"\0")
        super().stop()
        self._ending.close()
        self._end.close()

    def _tell(self, connection: Any, on_arrival: Callable[[], None]) -> None:  # noqa: ANN401
        connection.set_autocommit(True)
        connection.execute(f"LISTEN {CHANNEL}")
        with selectors.DefaultSelector() as selector:
            selector.register(self._ending, selectors.EVENT_READ)
            selector.register(connection.fileno(), selectors.EVENT_READ)
            self._is_telling = True
            # What came before it listened.
            on_arrival()
            while not self._is_over.is_set():
                if not selector.select(PROBE_INTERVAL_S):
                    # A connection can be lost without a sign of it.
                    connection.execute(f"LISTEN {CHANNEL}")
                if [*connection.notifies(timeout=0)]:
                    on_arrival()


def _waiting_in(engine: Engine) -> str:
    """Return the query for a ticket that waits, by the index of the engine."""
    schema = None if engine.dialect.name == "sqlite" else ENGINE_SCHEMA
    queue, status = column("queue_name", String), column("status", String)
    query = (
        select(literal_column("1", Integer))
        .select_from(table("workflow_status", schema=schema))
        .where(queue.in_(QUEUES), status.in_(("ENQUEUED", "PENDING")))
        .where(status == "ENQUEUED")
        .limit(1)
    )
    literal = {"literal_binds": True}
    return str(query.compile(engine, compile_kwargs=literal))
