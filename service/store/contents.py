"""The contents of a store: rows and bytes of each table, and their age."""

import datetime as dt
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import sqlalchemy as sa
from sqlmodel import Session

from models.tables import JobState, Row
from models.tables.row import UtcDateTime
from service.store.database import Database
from service.store.engines import take_time
from service.store.jobs import JobRepository
from service.store.migrating import check_current
from service.store.referred_objects import referred_objects
from service.store.row_security import bypassing_role

SQLITE_FILES = ("", "-wal")


@dataclass(frozen=True, slots=True)
class TableContents:
    """Rows of a table; bytes are those of their documents, compressed."""

    name: str
    number_of_rows: int
    number_of_bytes: int | None
    oldest: dt.datetime | None


@dataclass(frozen=True, slots=True)
class StoreContents:
    """The contents of a store. number_of_bytes is without the objects.

    bypassing_role: the role of the database that row-level security does not bind, if
    it is that of this process.
    """

    revision: str
    bypassing_role: str | None
    number_of_bytes: int
    tables: tuple[TableContents, ...]
    number_of_jobs: dict[JobState, int]
    number_of_objects: int
    number_of_object_bytes: int


def contents(database: Database) -> StoreContents:
    """Return the contents at one moment."""
    revision, role = check_current(database), bypassing_role(database)
    with database.reading() as session:
        take_time(session.connection())
        objects = referred_objects(session)
        return StoreContents(
            revision=revision,
            bypassing_role=role,
            number_of_bytes=_number_of_bytes(session),
            tables=tuple(_counted(session, x) for x in Row.metadata.sorted_tables),
            number_of_jobs=dict(JobRepository(session).number_by_state()),
            number_of_objects=len(objects),
            number_of_object_bytes=sum(objects.values()),
        )


def _counted(session: Session, table: sa.Table) -> TableContents:
    is_of_documents = "content" in table.c
    since = next((x for x in table.c if _is_instant(x)), None)
    query = sa.select(
        sa.func.count(),
        sa.func.sum(sa.func.length(table.c.content)) if is_of_documents else sa.null(),
        sa.null() if since is None else sa.func.min(since),
    ).select_from(table)
    number, size, oldest = session.connection().execute(query).one()
    number_of_bytes = int(size or 0) if is_of_documents else None
    return TableContents(table.name, number, number_of_bytes, oldest)


def _is_instant(column: sa.Column[Any]) -> bool:
    return isinstance(column.type, UtcDateTime) and not column.nullable


def _number_of_bytes(session: Session) -> int:
    connection = session.connection()
    if connection.dialect.name == "postgresql":
        query = sa.text("SELECT pg_database_size(current_database())")
        return int(connection.execute(query).scalar_one())
    file = str(connection.engine.url.database)
    files = [Path(file + ending) for ending in SQLITE_FILES]
    return sum(path.stat().st_size for path in files if path.exists())
