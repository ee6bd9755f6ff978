"""Write beside other transactions: rows that they may add too, and locks of a name."""

import hashlib
from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import Connection, text
from sqlalchemy.dialects import postgresql, sqlite
from sqlmodel import Session

from models.tables import Row

NUMBER_OF_KEY_BYTES = 8


def add(session: Session, row: Row) -> None:
    """Store a row now; raise IntegrityError if its key is there.

    The transaction can go on after the error. SQLite has one writer at a time, so there
    the error cannot occur if the caller has looked for the key.
    """
    with session.begin_nested():
        session.add(row)


def add_missing(
    session: Session,
    table: type[Row],
    key: Sequence[str],
    rows: Sequence[Mapping[str, Any]],
) -> int:
    """Store the rows whose key is not there, in one statement; return how many."""
    if not rows:
        return 0
    is_sqlite = session.get_bind().dialect.name == "sqlite"
    insert = (sqlite if is_sqlite else postgresql).insert(table)
    stored = insert.on_conflict_do_nothing(index_elements=key).returning(text("1"))
    return len(session.connection().execute(stored, list(rows)).all())


def lock(connection: Connection, purpose: str) -> None:
    """Wait until no other transaction holds the lock of that purpose, and hold it.

    The end of the transaction releases it. SQLite needs no lock: it runs one writing
    transaction at a time.
    """
    if connection.dialect.name == "postgresql":
        key = {"key": _key(connection, purpose)}
        connection.execute(text("SELECT pg_advisory_xact_lock(:key)"), key)


def _key(connection: Connection, purpose: str) -> int:
    """Return the number of a lock, another one for each schema of a database."""
    schema = connection.execute(text("SELECT current_schema()")).scalar_one()
    name = f"strongroom {purpose} {schema}".encode()
    digest = hashlib.sha256(name).digest()[:NUMBER_OF_KEY_BYTES]
    # Half of it: PostgreSQL's whole numbers have a sign.
    return int.from_bytes(digest) >> 1
