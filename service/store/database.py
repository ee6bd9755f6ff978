"""The database and its transactions. Nothing else in the service commits."""

import logging
import sqlite3
from collections.abc import Generator
from contextlib import contextmanager
from typing import Self

from psycopg.errors import DiskFull
from sqlalchemy import URL, Engine
from sqlalchemy.exc import OperationalError
from sqlmodel import Session

from service.errors import StoreFullError, StoreUnavailableError
from service.store.engines import open_engine, reading, writing
from service.store.state_changes import logged_state_changes

logger = logging.getLogger(__name__)


class Database:
    """One engine for each process; a child process opens its own."""

    def __init__(self, engine: Engine) -> None:
        self.engine = engine
        self.writer = writing(engine)
        self._reader = reading(engine)

    @classmethod
    def open(cls, url: URL) -> Self:
        """Return the database; a file is made at the first transaction."""
        return cls(open_engine(url))

    @contextmanager
    def transaction(self) -> Generator[Session]:
        """Yield a session that may write; commit at the end, roll back on an error.

        In SQLite the write lock is taken at the start: a transaction that first reads
        and then writes would otherwise fail when another one wrote in between.
        """
        with (
            translated_errors(),
            Session(self.writer, expire_on_commit=False) as session,
            logged_state_changes(session),
            session.begin(),
        ):
            yield session

    @contextmanager
    def reading(self) -> Generator[Session]:
        """Yield a session that sees one consistent state and writes nothing."""
        with translated_errors(), Session(self._reader) as session:
            yield session

    def close(self) -> None:
        """Close every connection."""
        self.engine.dispose()


@contextmanager
def translated_errors() -> Generator[None]:
    """Turn what the database cannot do at the moment into an error of the service."""
    try:
        yield
    except OperationalError as error:
        is_full = _is_full(error)
        code = getattr(error.orig, "sqlite_errorcode", None)
        if code == sqlite3.SQLITE_ERROR and not is_full:
            # For SQLite a mistake in a query is one of operation.
            raise
        logger.error("the database: %s", error.orig)  # noqa: TRY400 - its own words do
        raise (StoreFullError if is_full else StoreUnavailableError) from error


def _is_full(error: BaseException | None) -> bool:
    """Whether it is for want of room, or comes of what was.

    SQLite then takes the whole transaction back, and a part of it cannot be after that.
    """
    if not isinstance(error, OperationalError):
        return False
    code = getattr(error.orig, "sqlite_errorcode", None)
    is_full = code == sqlite3.SQLITE_FULL or isinstance(error.orig, DiskFull)
    return is_full or _is_full(error.__context__)
