"""The database and its transactions. Only this module commits."""

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
from service.store.audit_log import write_entries
from service.store.engines import open_engine, reading, writing
from service.store.state_changes import logged_state_changes
from service.store.tenancy import Sight, restrict
from service.store.webhook_events import write_events

logger = logging.getLogger(__name__)


class Database:
    """The database of one process, all of it; a child process opens its own."""

    def __init__(self, engine: Engine, sight: Sight | None = None) -> None:
        self.engine = engine
        self._sight = sight
        self.writer = writing(engine)
        self._reader = reading(engine)

    @classmethod
    def open(cls, url: URL) -> Self:
        """Return the database; the first transaction creates a SQLite file."""
        return cls(open_engine(url))

    def within(self, organisation: str) -> Self:
        """Return the same database as that organisation sees it, without all others."""
        return self.seen_by(Sight(organisation))

    def seen_by(self, sight: Sight) -> Self:
        """Return the same database as somebody in an organisation sees it."""
        return type(self)(self.engine, sight)

    @contextmanager
    def transaction(self) -> Generator[Session]:
        """Yield a session that may write; commit at the end, roll back on an error.

        SQLite takes the write lock at the start: a transaction that reads and then
        writes would fail if another one wrote in between.
        """
        with (
            translated_errors(),
            Session(self.writer, expire_on_commit=False) as session,
            logged_state_changes(session),
            session.begin(),
        ):
            restrict(session, self._sight)
            yield session
            write_events(session)
            write_entries(session)

    @contextmanager
    def reading(self) -> Generator[Session]:
        """Yield a session that reads one consistent state."""
        with translated_errors(), Session(self._reader) as session:
            restrict(session, self._sight)
            yield session

    def close(self) -> None:
        """Close every connection."""
        self.engine.dispose()


@contextmanager
def translated_errors() -> Generator[None]:
    """Turn an operational error of the database into one of the service."""
    try:
        yield
    except OperationalError as error:
        is_full = _is_full(error)
        code = getattr(error.orig, "sqlite_errorcode", None)
        if code == sqlite3.SQLITE_ERROR and not is_full:
            # SQLite raises the same error for a wrong query.
            raise
        logger.error("the database: %s", error.orig)  # noqa: TRY400 - its message will do
        raise (StoreFullError if is_full else StoreUnavailableError) from error


def _is_full(error: BaseException | None) -> bool:
    """Whether the disk is full, or the error follows from an earlier one that was.

    SQLite then rolls the transaction back, and releasing its savepoint fails.
    """
    if not isinstance(error, OperationalError):
        return False
    code = getattr(error.orig, "sqlite_errorcode", None)
    is_full = code == sqlite3.SQLITE_FULL or isinstance(error.orig, DiskFull)
    return is_full or _is_full(error.__context__)
