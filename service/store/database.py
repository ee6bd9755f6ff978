"""The SQLite file and its transactions. Nothing else in the service commits."""

from collections.abc import Generator
from contextlib import contextmanager
from pathlib import Path
from sqlite3 import Connection as SqliteConnection
from typing import Self

from sqlalchemy import URL, Connection, Engine, create_engine, event
from sqlmodel import Session

BUSY_TIMEOUT_S = 30
# FULL: a job that was accepted survives a power cut. Commits are few.
PRAGMAS = ("journal_mode=WAL", "synchronous=FULL", "foreign_keys=ON")
_WRITING = "strongroom_writing"


class Database:
    """One engine for each process; a child process opens its own."""

    def __init__(self, engine: Engine) -> None:
        self.engine = engine
        self._writer = engine.execution_options(**{_WRITING: True})

    @classmethod
    def open(cls, file: Path) -> Self:
        """Return the database in `file`, which is made at the first transaction."""
        url = URL.create("sqlite", database=str(file))
        engine = create_engine(url, connect_args={"timeout": BUSY_TIMEOUT_S})
        event.listen(engine, "connect", _prepare_connection)
        event.listen(engine, "begin", _begin)
        return cls(engine)

    @contextmanager
    def transaction(self) -> Generator[Session]:
        """Yield a session that may write; commit at the end, roll back on an error.

        The write lock is taken at the start: a transaction that first reads and then
        writes would otherwise fail when another one wrote in between.
        """
        with Session(self._writer, expire_on_commit=False) as session, session.begin():
            yield session

    @contextmanager
    def reading(self) -> Generator[Session]:
        """Yield a session that sees one consistent state and writes nothing."""
        with Session(self.engine) as session:
            yield session

    def close(self) -> None:
        """Close every connection."""
        self.engine.dispose()


def _prepare_connection(connection: SqliteConnection, _record: object) -> None:
    # The driver must not begin transactions by itself: `_begin` does.
    connection.isolation_level = None
    for pragma in PRAGMAS:
        connection.execute(f"PRAGMA {pragma}")


def _begin(connection: Connection) -> None:
    is_writing = connection.get_execution_options().get(_WRITING, False)
    connection.exec_driver_sql("BEGIN IMMEDIATE" if is_writing else "BEGIN")
