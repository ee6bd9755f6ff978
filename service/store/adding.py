"""Add rows whose keys somebody else may add at the same time."""

from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy.dialects import postgresql, sqlite
from sqlmodel import Session

from models.tables import Row


def add(session: Session, row: Row) -> None:
    """Store a row now, for rows that refer to it; raise IntegrityError if it is there.

    The transaction goes on after that. In SQLite it cannot happen to who looked before.
    """
    with session.begin_nested():
        session.add(row)


def add_missing(
    session: Session, table: type[Row], key: str, rows: Sequence[Mapping[str, Any]]
) -> None:
    """Store the rows whose key is not there, in one go."""
    is_sqlite = session.get_bind().dialect.name == "sqlite"
    insert = (sqlite if is_sqlite else postgresql).insert(table)
    statement = insert.on_conflict_do_nothing(index_elements=[key])
    # Without asking for the rows back: many are sent together.
    session.connection().execute(statement, list(rows))
