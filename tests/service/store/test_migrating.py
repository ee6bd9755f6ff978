from pathlib import Path

import pytest
from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from sqlalchemy import inspect
from sqlmodel import text

from models.tables import Row
from service.errors import DataDirectoryError
from service.store.database import Database
from service.store.migrating import configuration, migrate


def test_the_migrations_give_the_tables_of_the_code(database: Database) -> None:
    """What the last migration leaves is what the table classes describe."""
    with database.reading() as session:
        found = MigrationContext.configure(
            session.connection(), opts={"compare_type": True}
        )
        assert compare_metadata(found, Row.metadata) == []


def test_a_second_start_changes_nothing(database: Database) -> None:
    """Migrating a database that is up to date is allowed."""
    migrate(database)


def test_the_migrations_can_be_taken_back(database: Database) -> None:
    """Downgrading to nothing leaves no table of ours."""
    with database.transaction() as session:
        command.downgrade(configuration(session.connection()), "base")
    assert inspect(database.engine).get_table_names() == ["alembic_version"]


def test_a_database_of_a_newer_version_is_refused(database: Database) -> None:
    """A migration that this version does not know is a clear error."""
    with database.transaction() as session:
        session.connection().execute(text("UPDATE alembic_version SET version_num='x'"))
    with pytest.raises(DataDirectoryError, match="newer version"):
        migrate(database)


def test_a_percent_sign_in_the_path_does_no_harm(tmp_path: Path) -> None:
    """The folder's name is nobody's format string."""
    folder = tmp_path / "100%"
    folder.mkdir()
    database = Database.open(folder / "a.sqlite3")
    migrate(database)
    database.close()
