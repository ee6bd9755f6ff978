"""The tables of the engine that brings jobs to workers, beside our own."""

import logging

from dbos import DBOS
from sqlalchemy import URL

SCHEMA = "dbos"


def migrate_engine(url: URL) -> None:
    """Bring the engine's tables to its version. Several may do it at the same time.

    In PostgreSQL they are in a schema of their own.
    """
    # What it has to say is of interest only if it fails, and then it raises.
    logging.getLogger("dbos").setLevel(logging.ERROR)
    DBOS.migrate(url.render_as_string(hide_password=False), schema=SCHEMA)
