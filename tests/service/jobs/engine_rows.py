"""The engine's tables as they are, past the engine."""

from typing import Any

from sqlmodel import text

from service.store.database import Database


def engine_rows(database: Database, columns: str) -> list[Any]:
    """Return these columns of all tickets, by the order in which workers take them."""
    is_sqlite = database.engine.dialect.name == "sqlite"
    table = "workflow_status" if is_sqlite else "dbos.workflow_status"
    query = f"SELECT {columns} FROM {table} ORDER BY priority, created_at"  # noqa: S608
    with database.reading() as session:
        return list(session.connection().execute(text(query)).all())


def change_engine(database: Database, change: str, **values: object) -> None:
    """Change all tickets: what comes after SET."""
    is_sqlite = database.engine.dialect.name == "sqlite"
    table = "workflow_status" if is_sqlite else "dbos.workflow_status"
    with database.transaction() as session:
        statement = text(f"UPDATE {table} SET {change}")  # noqa: S608
        session.connection().execute(statement, values)
