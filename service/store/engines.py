"""How SQLite and PostgreSQL are opened, so that they behave alike.

A transaction that reads sees one consistent state on both. A transaction that writes is
alone on SQLite; on PostgreSQL it locks rows (`jobs.held`), and unique keys decide
between two transactions that add the same row.
"""

import sqlite3
import time
from collections.abc import Mapping
from sqlite3 import Connection as SqliteConnection
from typing import Any

from psycopg import Connection as PostgresConnection
from psycopg.abc import Buffer
from psycopg.types.string import StrDumper
from sqlalchemy import URL, Connection, Engine, create_engine, event, text

BUSY_TIMEOUT_S = 30
# FULL: a job that was accepted survives a power cut; commits are few. The write-ahead
# log is checkpointed at 1 MiB, not 4, to fit a small disk.
PRAGMAS = ("synchronous=FULL", "foreign_keys=ON", "wal_autocheckpoint=256")
PAUSE_S = 0.02
_WRITING = "strongroom_writing"

# A lost connection is noticed within a minute, at both ends.
CONNECTION: Mapping[str, Any] = {
    "application_name": "strongroom",
    "connect_timeout": 10,
    "keepalives_idle": 30,
    "keepalives_interval": 10,
    "keepalives_count": 3,
    "tcp_user_timeout": 60_000,
}
# No query takes this long. A process that stops within a transaction keeps its locks
# no longer.
SESSION: Mapping[str, str] = {
    "statement_timeout": "60s",
    "lock_timeout": f"{BUSY_TIMEOUT_S}s",
    "idle_in_transaction_session_timeout": "60s",
    "tcp_keepalives_idle": "30",
    "tcp_keepalives_interval": "10",
    "tcp_keepalives_count": "3",
    # As for disks without moving parts. With the default, a list of an organisation may
    # be read by walking over rows of all others, whose number its time would tell.
    "random_page_cost": "1.1",
}
# For text and times as the driver reads them, whatever URL, role and environment set.
READABLE = "SET client_encoding TO UTF8; SET DateStyle TO ISO; SET TimeZone TO UTC"
# For one server and its requests.
POOL_SIZE, MAXIMUM_OVERFLOW = 5, 10


def _add_subseconds(connection: object, _record: object) -> None:
    """Let unixepoch('subsec') be the time on SQLite before 3.42, which makes it NULL.

    The engine that brings jobs to workers stores times so on Python 3.12 and later.
    """
    if isinstance(connection, SqliteConnection):
        connection.create_function("unixepoch", 1, _epoch_s)


def _epoch_s(modifier: str) -> float | None:
    return round(time.time(), 3) if modifier in {"subsec", "subsecond"} else None


def _set_session(connection: object, _record: object) -> None:
    """Let text and times of PostgreSQL come as the driver reads them."""
    if isinstance(connection, PostgresConnection):
        connection.execute(READABLE)
        connection.commit()


# Of every engine: that which brings jobs to workers opens connections of its own.
event.listen(Engine, "connect", _set_session)
if sqlite3.sqlite_version_info < (3, 42):
    event.listen(Engine, "connect", _add_subseconds)


def open_engine(url: URL) -> Engine:
    """Return the engine of this process, not connected yet."""
    if url.get_backend_name() == "sqlite":
        return _sqlite(url)
    return _postgres(url)


def writing(engine: Engine) -> Engine:
    """Return the same engine for transactions that write."""
    if engine.dialect.name == "sqlite":
        return engine.execution_options(**{_WRITING: True})
    return engine.execution_options(isolation_level="READ COMMITTED")


def reading(engine: Engine) -> Engine:
    """Return the same engine for transactions that only read."""
    if engine.dialect.name == "sqlite":
        return engine
    return engine.execution_options(
        isolation_level="REPEATABLE READ", postgresql_readonly=True
    )


def take_time(connection: Connection) -> None:
    """Remove the time limits of this transaction, which reads every row."""
    if connection.dialect.name == "postgresql":
        for name in ("statement_timeout", "idle_in_transaction_session_timeout"):
            connection.execute(text(f"SET LOCAL {name} = 0"))


def _sqlite(url: URL) -> Engine:
    engine = create_engine(url, connect_args={"timeout": BUSY_TIMEOUT_S})
    event.listen(engine, "connect", _prepare_connection)
    event.listen(engine, "begin", _begin)
    return engine


def _postgres(url: URL) -> Engine:
    options = [f"-c {name}={value}" for name, value in SESSION.items()]
    # Options of the operator come last and so override ours.
    options.append(str(url.query.get("options", "")))
    arguments = {name: CONNECTION[name] for name in CONNECTION.keys() - url.query}
    engine = create_engine(
        url,
        connect_args={**arguments, "options": " ".join(options)},
        pool_pre_ping=True,
        pool_size=POOL_SIZE,
        max_overflow=MAXIMUM_OVERFLOW,
    )
    event.listen(engine, "connect", _pass_any_text)
    return engine


def _pass_any_text(connection: PostgresConnection[Any], _record: object) -> None:
    connection.adapters.register_dumper(str, _AnyText)


class _AnyText(StrDumper):
    """Text without NUL, which PostgreSQL cannot store.

    NUL is stored as the replacement character, so a search for it finds nothing.
    Documents are bytes and keep theirs.
    """

    def dump(self, obj: str) -> Buffer | None:
        """Return the text as PostgreSQL takes it."""
        return super().dump(obj.replace("\0", "\N{REPLACEMENT CHARACTER}"))


def _prepare_connection(connection: SqliteConnection, _record: object) -> None:
    # `_begin` begins transactions, not the driver.
    connection.isolation_level = None
    _write_ahead(connection)
    for pragma in PRAGMAS:
        connection.execute(f"PRAGMA {pragma}")


def _write_ahead(connection: SqliteConnection) -> None:
    """Set write-ahead logging, so that readers and a writer do not block each other.

    The file keeps the setting. SQLite does not wait if another process is about to set
    it, so this does.
    """
    end_s = time.monotonic() + BUSY_TIMEOUT_S
    while True:
        try:
            connection.execute("PRAGMA journal_mode=WAL")
        except sqlite3.OperationalError as error:
            is_busy = error.sqlite_errorcode & 0xFF == sqlite3.SQLITE_BUSY
            if not is_busy or time.monotonic() > end_s:
                raise
            time.sleep(PAUSE_S)
        else:
            return


def _begin(connection: Connection) -> None:
    is_writing = connection.get_execution_options().get(_WRITING, False)
    connection.exec_driver_sql("BEGIN IMMEDIATE" if is_writing else "BEGIN")
