"""Bring the tables of a database to the revision of this version."""

import logging
from functools import cache
from pathlib import Path

from alembic import command
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from dbos import DBOS
from sqlalchemy import URL, Connection, text

from service.store.concurrency import lock
from service.store.database import Database
from service.store.engines import take_time
from service.store.row_security import protect

# Of the tables of the engine that brings jobs to workers; in PostgreSQL alone.
ENGINE_SCHEMA = "dbos"
MIGRATIONS = Path(__file__).parent / "migrations"
HEAD = "head"


class NewerTablesError(Exception):
    """The tables were made by a newer version of Strongroom."""

    def __init__(self, found: str, known: str) -> None:
        super().__init__(
            f"its tables are from a newer version of Strongroom "
            f"(revision {found}; this version knows them up to {known})"
        )


class OlderTablesError(Exception):
    """The tables lack migrations of this version."""

    def __init__(self, found: str, expected: str) -> None:
        super().__init__(
            f"its tables are of revision {found}, this version of Strongroom works "
            f"with {expected}; `strongroom serve` of this version changes them"
        )


class EncodingError(Exception):
    """The database cannot hold all text."""

    def __init__(self, found: str) -> None:
        super().__init__(
            f"its encoding is {found}, which does not hold every character; CREATE "
            "DATABASE name ENCODING 'UTF8' TEMPLATE template0 makes one that does"
        )


def check_encoding(database: Database) -> None:
    """Raise EncodingError if the database cannot hold all text."""
    if database.engine.dialect.name != "postgresql":
        return
    with database.reading() as session:
        query = text("SHOW server_encoding")
        found = str(session.connection().execute(query).scalar_one())
    # SQL_ASCII keeps bytes as they are, and ours are UTF-8.
    if found not in {"UTF8", "SQL_ASCII"}:
        raise EncodingError(found)


def migrate(database: Database, revision: str = HEAD) -> None:
    """Apply the missing migrations, all or none; raise NewerTablesError.

    The tables of the engine follow; ours do not refer to them. Of several processes
    that migrate at the same time, one does it.
    """
    with database.transaction() as session:
        connection = session.connection()
        lock(connection, "migration")
        # A migration may read every plan.
        take_time(connection)
        _check_known(connection)
        if revision != HEAD or _revision(connection) != _head():
            command.upgrade(configuration(connection), revision)
        if revision == HEAD:
            protect(connection)
    _migrate_engine(database.engine.url)


def _migrate_engine(url: URL) -> None:
    """Bring the engine's tables to its version. Several may do it at the same time."""
    # What it logs matters only if it fails, and then it raises.
    logging.getLogger("dbos").setLevel(logging.ERROR)
    DBOS.migrate(url.render_as_string(hide_password=False), schema=ENGINE_SCHEMA)


def check_current(database: Database) -> str:
    """Return the revision of the tables; raise Newer- or OlderTablesError."""
    with database.reading() as session:
        connection = session.connection()
        _check_known(connection)
        found = _revision(connection)
        if found is None or found != _head():
            raise OlderTablesError(found or "none", _head())
        return found


def check_reachable(revision: str) -> None:
    """Raise NewerTablesError unless this version knows that revision."""
    if revision not in _known():
        raise NewerTablesError(revision, _head())


def remake(connection: Connection, revision: str) -> None:
    """Replace all tables by empty ones of a revision, in the caller's transaction."""
    config = configuration(connection)
    command.downgrade(config, "base")
    command.upgrade(config, revision)


def migrate_here(connection: Connection) -> None:
    """Apply the missing migrations in the caller's transaction."""
    command.upgrade(configuration(connection), HEAD)
    protect(connection)


def configuration(connection: Connection) -> Config:
    """Return the configuration of Alembic for one connection."""
    config = Config()
    # Percent signs are special in Alembic's option files.
    config.set_main_option("script_location", str(MIGRATIONS).replace("%", "%%"))
    config.set_main_option("path_separator", "os")
    config.attributes["connection"] = connection
    return config


def _check_known(connection: Connection) -> None:
    for found in MigrationContext.configure(connection).get_current_heads():
        if found not in _known():
            raise NewerTablesError(found, _head())


def _revision(connection: Connection) -> str | None:
    return MigrationContext.configure(connection).get_current_revision()


def _known() -> set[str]:
    return {revision.revision for revision in _script().walk_revisions()}


def _head() -> str:
    return _script().get_current_head() or "none"


@cache
def _script() -> ScriptDirectory:
    """Return the migrations, read once: each is a module that Alembic compiles."""
    return ScriptDirectory(str(MIGRATIONS))
