"""Add a row whose key somebody else may add at the same time."""

from sqlmodel import Session

from models.tables import Row


def add(session: Session, row: Row) -> None:
    """Store a row now, for rows that refer to it; raise IntegrityError if it is there.

    The transaction goes on after that. In SQLite it cannot happen to who looked before.
    """
    with session.begin_nested():
        session.add(row)
