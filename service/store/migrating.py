"""Bring the tables of a database to what this version of the service expects."""

from pathlib import Path

from alembic import command
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, text

from service.store.advisory import advisory_key
from service.store.database import Database
from service.store.engine_tables import migrate_engine

MIGRATIONS = Path(__file__).parent / "migrations"


class NewerTablesError(Exception):
    """The tables were made by a newer version of Strongroom."""

    def __init__(self, found: str, known: str) -> None:
        super().__init__(
            f"its tables are from a newer version of Strongroom "
            f"(revision {found}; this version knows them up to {known})"
        )


def migrate(database: Database, revision: str = "head") -> None:
    """Apply the migrations that are missing, all or none; raise NewerTablesError.

    The tables of the engine come after ours, which do not refer to them.

    Of several processes that do it at the same time one does it.
    """
    with database.transaction() as session:
        connection = session.connection()
        if connection.dialect.name == "postgresql":
            _wait_for_others(connection)
        config = configuration(connection)
        _check_known(connection, config)
        command.upgrade(config, revision)
    migrate_engine(database.engine.url)


def configuration(connection: Connection) -> Config:
    """Return the configuration of Alembic for one connection."""
    config = Config()
    # Percent signs are special in the option file whose format this is.
    config.set_main_option("script_location", str(MIGRATIONS).replace("%", "%%"))
    config.set_main_option("path_separator", "os")
    config.attributes["connection"] = connection
    return config


def _wait_for_others(connection: Connection) -> None:
    """Do what `BEGIN IMMEDIATE` does in SQLite; the end of the transaction frees it."""
    key = advisory_key(connection, "migration")
    connection.execute(text("SELECT pg_advisory_xact_lock(:key)"), {"key": key})
    # A migration reads every plan, if it must.
    connection.execute(text("SET LOCAL statement_timeout = 0"))


def _check_known(connection: Connection, config: Config) -> None:
    script = ScriptDirectory.from_config(config)
    known = {revision.revision for revision in script.walk_revisions()}
    for found in MigrationContext.configure(connection).get_current_heads():
        if found not in known:
            raise NewerTablesError(found, script.get_current_head() or "none")
