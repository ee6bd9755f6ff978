"""The data directory: one server at a time has it, with its tables up to date."""

import sqlite3
from collections.abc import Generator
from contextlib import ExitStack, closing, contextmanager

from sqlalchemy.exc import DatabaseError

from service.errors import DataDirectoryError
from service.settings import Settings
from service.store.database import Database
from service.store.migrating import migrate


@contextmanager
def opened_store(settings: Settings) -> Generator[Database]:
    """Yield the database of this server alone, or raise DataDirectoryError."""
    with ExitStack() as stack:
        try:
            settings.data_directory.mkdir(parents=True, exist_ok=True)
            stack.enter_context(closing(_lock(settings)))
            database = stack.enter_context(
                closing(Database.open(settings.database_file))
            )
            migrate(database)
        except (OSError, DatabaseError, sqlite3.Error) as error:
            raise DataDirectoryError(_detail(settings, error)) from error
        yield database


def _lock(settings: Settings) -> sqlite3.Connection:
    """Lock the data directory until the connection, or this process, is gone.

    SQLite's own lock works on every system, and the system frees it after a crash.
    """
    lock = sqlite3.connect(settings.lock_file, timeout=0, check_same_thread=False)
    try:
        lock.execute("BEGIN EXCLUSIVE")
    except sqlite3.Error:
        lock.close()
        raise
    return lock


def _detail(settings: Settings, error: Exception) -> str:
    if getattr(error, "sqlite_errorcode", None) == sqlite3.SQLITE_BUSY:
        return f"{settings.data_directory}: another server is using it."
    cause = error.orig if isinstance(error, DatabaseError) else error
    return f"{settings.data_directory}: {cause}"
