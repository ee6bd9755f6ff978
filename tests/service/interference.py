"""Concurrent use of a database by others."""

import threading
from collections.abc import Callable, Generator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager

from sqlmodel import create_engine, text

from service.store.database import Database

CUT = """
SELECT pg_terminate_backend(pid, 5000) FROM pg_stat_activity
WHERE datname = current_database() AND pid <> pg_backend_pid()
"""

CUT_OTHER = """
SELECT pg_terminate_backend(pid, 5000) FROM pg_stat_activity WHERE datname = :name
"""

WAITING = """
SELECT count(*) FROM pg_stat_activity
WHERE datname = current_database() AND wait_event_type = 'Lock'
"""


def others_wait(database: Database) -> bool:
    """Whether a session waits for locked rows; in SQLite all writers do."""
    if database.engine.dialect.name == "sqlite":
        return True
    with database.engine.connect() as connection:
        return connection.execute(text(WAITING)).scalar_one() > 0


def cut_connections(database: Database) -> None:
    """Cut all connections to a PostgreSQL database, as its restart does."""
    other = Database.open(database.engine.url)
    with other.transaction() as session:
        session.connection().execute(text(CUT))
    other.close()


@contextmanager
def away(database: Database) -> Generator[None]:
    """Let a PostgreSQL database not be there for a while, as during its restart."""
    name = database.engine.url.database
    other = create_engine(
        database.engine.url.set(database="postgres"), isolation_level="AUTOCOMMIT"
    )
    with other.connect() as connection:
        connection.execute(text(f"ALTER DATABASE {name} ALLOW_CONNECTIONS false"))
        connection.execute(text(CUT_OTHER), {"name": name})
        try:
            yield
        finally:
            connection.execute(text(f"ALTER DATABASE {name} ALLOW_CONNECTIONS true"))
    other.dispose()


def together(*actions: Callable[[], None]) -> None:
    """Let all begin at the same time, each in a thread; raise what one raises."""
    beginning = threading.Barrier(len(actions))

    def begin(action: Callable[[], None]) -> None:
        beginning.wait()
        action()

    with ThreadPoolExecutor(len(actions)) as threads:
        for ended in [threads.submit(begin, action) for action in actions]:
            ended.result()
