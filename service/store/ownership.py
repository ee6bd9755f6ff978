"""The right of one server to look after the jobs of a database.

Beside a SQLite file it is a locked file; in PostgreSQL a lock of a session. The system
frees either when the server is gone. A session can be lost while its server lives, by a
restart of the database or of the network: whoever relies on the right asks again.
"""

import contextlib
import sqlite3
from pathlib import Path
from typing import Protocol

from sqlalchemy import URL, Connection, Engine, text
from sqlalchemy.exc import DBAPIError, OperationalError

from service.store.advisory import advisory_key

LOCK_FILE = "server.lock"
# A server that was killed is gone for the database after some milliseconds.
WAIT_S = 2
HOLDS = """
SELECT count(*) FROM pg_locks WHERE locktype = 'advisory' AND pid = pg_backend_pid()
AND granted AND objsubid = 1 AND (classid::bigint << 32 | objid::bigint) = :key
"""


class Ownership(Protocol):
    """The right, held or not."""

    def acquire(self) -> bool:
        """Take the right unless another server has it; return whether it is held."""
        ...

    def is_held(self) -> bool:
        """Whether it is held now."""
        ...

    def close(self) -> None:
        """Give it back."""
        ...


def ownership_of(url: URL, engine: Engine) -> Ownership:
    """Return the right to a database, which is not taken yet."""
    if url.database is not None and url.get_backend_name() == "sqlite":
        return FileOwnership(Path(url.database).with_name(LOCK_FILE))
    return SessionOwnership(engine)


class FileOwnership:
    """A locked file. SQLite's own lock works on every system, also after a crash."""

    def __init__(self, file: Path) -> None:
        self._file = file
        self._lock: sqlite3.Connection | None = None

    def acquire(self) -> bool:
        """Lock the file until the connection, or this process, is gone."""
        lock = sqlite3.connect(self._file, timeout=0, check_same_thread=False)
        try:
            lock.execute("BEGIN EXCLUSIVE")
        except sqlite3.Error as error:
            lock.close()
            if error.sqlite_errorcode == sqlite3.SQLITE_BUSY:
                return False
            raise
        self._lock = lock
        return True

    def is_held(self) -> bool:
        """Whether the file is locked by this object: nothing takes it away."""
        return self._lock is not None

    def close(self) -> None:
        """Unlock the file."""
        if self._lock is not None:
            self._lock.close()
            self._lock = None


class SessionOwnership:
    """An advisory lock on a connection of its own, outside of the pool."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine.execution_options(isolation_level="AUTOCOMMIT")
        self._connection: Connection | None = None
        self._key = 0

    def acquire(self) -> bool:
        """Take the lock; wait a moment for a server that is just going."""
        self.close()
        connection = self._engine.connect()
        try:
            connection.detach()
            self._key = advisory_key(connection, "server")
            connection.execute(text(f"SET lock_timeout = '{WAIT_S}s'"))
            connection.execute(text("SELECT pg_advisory_lock(:k)"), {"k": self._key})
        except OperationalError as error:
            connection.close()
            # lock_not_available
            if getattr(error.orig, "sqlstate", None) == "55P03":
                return False
            raise
        self._connection = connection
        return True

    def is_held(self) -> bool:
        """Ask the database whether this very session still has the lock."""
        if self._connection is None or self._connection.invalidated:
            return False
        try:
            held = self._connection.execute(text(HOLDS), {"key": self._key})
            return bool(held.scalar_one())
        except DBAPIError:
            return False

    def close(self) -> None:
        """Unlock, at once and not only when the database sees the connection go."""
        connection, self._connection = self._connection, None
        if connection is None:
            return
        with connection:
            if not connection.invalidated:
                with contextlib.suppress(DBAPIError):
                    connection.execute(text("SELECT pg_advisory_unlock_all()"))
