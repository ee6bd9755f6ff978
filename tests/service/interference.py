"""What others do to a database while somebody works with it."""

import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor

from sqlmodel import text

from service.store.database import Database

CUT = """
SELECT pg_terminate_backend(pid, 5000) FROM pg_stat_activity
WHERE datname = current_database() AND pid <> pg_backend_pid()
"""


def cut_connections(database: Database) -> None:
    """Cut all connections to a PostgreSQL database, as its restart does."""
    other = Database.open(database.engine.url)
    with other.transaction() as session:
        session.connection().execute(text(CUT))
    other.close()


def together(*actions: Callable[[], None]) -> None:
    """Let all begin at the same time, each in a thread; raise what one raises."""
    beginning = threading.Barrier(len(actions))

    def begin(action: Callable[[], None]) -> None:
        beginning.wait()
        action()

    with ThreadPoolExecutor(len(actions)) as threads:
        for ended in [threads.submit(begin, action) for action in actions]:
            ended.result()
