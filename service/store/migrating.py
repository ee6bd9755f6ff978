"""Bring the tables of a database to what this version of the service expects."""

from pathlib import Path

from alembic import command
from alembic.config import Config
from alembic.util import CommandError
from sqlalchemy import Connection

from service.errors import DataDirectoryError
from service.store.database import Database

MIGRATIONS = Path(__file__).parent / "migrations"


def migrate(database: Database, revision: str = "head") -> None:
    """Apply the migrations that are missing, all or none."""
    with database.transaction() as session:
        try:
            command.upgrade(configuration(session.connection()), revision)
        except CommandError as error:
            detail = f"Its database is from a newer version of Strongroom ({error})."
            raise DataDirectoryError(detail) from error


def configuration(connection: Connection) -> Config:
    """Return the configuration of Alembic for one connection."""
    config = Config()
    # Percent signs are special in the option file whose format this is.
    config.set_main_option("script_location", str(MIGRATIONS).replace("%", "%%"))
    config.set_main_option("path_separator", "os")
    config.attributes["connection"] = connection
    return config
