"""A database with a full disk reports it, keeps its data and recovers with room."""

import secrets
import sqlite3
from collections.abc import Generator
from contextlib import contextmanager

import pytest
from fastapi.testclient import TestClient
from sqlalchemy import event, text

from service.api.context import Context
from service.errors import StoreFullError
from service.store.database import Database
from tests.cases import Case


@contextmanager
def without_room(database: Database) -> Generator[None]:
    """Let a SQLite file not grow, as on a disk that is full."""

    def limit(connection: sqlite3.Connection, _: object) -> None:
        (pages,) = connection.execute("PRAGMA page_count").fetchone()
        connection.execute(f"PRAGMA max_page_count = {pages}")

    database.engine.dispose()
    event.listen(database.engine, "connect", limit)
    yield
    event.remove(database.engine, "connect", limit)
    database.engine.dispose()


@pytest.mark.parametrize("store_url", ["sqlite"], indirect=True)
def test_a_full_disk_is_reported_and_harms_nothing(
    client: TestClient, context: Context, tiny_case: Case
) -> None:
    """The answer is 507 with Retry-After; stored data can be read."""
    there = client.post("/v1/cases", json=tiny_case).json()["hash"]
    # So much that no page has room for it, however it is compressed.
    large = tiny_case | {"description": secrets.token_hex(100_000)}
    with without_room(context.database):
        answer = client.post("/v1/cases", json=large)
        assert answer.status_code == 507
        assert answer.json()["type"] == "/docs/problems#store-full"
        assert "Nothing of the request was stored" in answer.json()["detail"]
        assert "retry-after" in answer.headers
        assert client.get(f"/v1/cases/{there}").status_code == 200
    assert client.post("/v1/cases", json=large).status_code == 201
    with context.database.reading() as session:
        check = session.connection().execute(text("PRAGMA integrity_check"))
        assert check.scalar_one() == "ok"


@pytest.mark.parametrize("store_url", ["postgresql"], indirect=True)
def test_postgresql_without_room_is_reported_alike(database: Database) -> None:
    """It has a code for it, which is raised here by the server itself."""
    raised = "DO $$ BEGIN RAISE EXCEPTION USING ERRCODE = 'disk_full'; END $$"
    with pytest.raises(StoreFullError), database.transaction() as session:
        session.connection().execute(text(raised))
