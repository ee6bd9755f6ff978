"""Databases of tests are used again, as they were."""

import datetime as dt

import pytest
from sqlalchemy import func, select
from sqlalchemy.exc import IntegrityError
from sqlmodel import text

from models.tables import Row
from service.store.audit_log import AuditTrail, Author
from service.store.database import Database
from tests.postgres import Postgres

AT = dt.datetime(2026, 1, 1, tzinfo=dt.UTC)


def test_a_database_is_used_again_without_its_rows(postgres: Postgres) -> None:
    """The log of the audit, too, which nobody else may empty."""
    with postgres.database() as first:
        database = Database.open(first)
        with database.transaction() as session:
            trail = AuditTrail(session, Author("a planner", "a request"), AT)
            trail.add("put", "case", "a case")
        with pytest.raises(IntegrityError), database.transaction() as session:
            session.connection().execute(text("TRUNCATE auditentry"))
        database.close()

    with postgres.database() as second:
        database = Database.open(second)
        with database.reading() as session:
            rows = [
                session.connection().execute(select(func.count()).select_from(table))
                for table in Row.metadata.sorted_tables
            ]
            assert not any(row.scalar_one() for row in rows)
        with pytest.raises(IntegrityError), database.transaction() as session:
            session.connection().execute(text("TRUNCATE auditentry"))
        database.close()

    assert second == first
