"""A store in a temporary folder, a clock that ticks, a client of the interface."""

import datetime as dt
import itertools
from collections.abc import Callable, Generator
from contextlib import AbstractContextManager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypeVar

import pytest
from fastapi import FastAPI
from fastapi.testclient import TestClient
from pydantic import SecretStr
from sqlmodel import Session

from models.instance import Instance
from models.reading import read_instance
from models.tables import DEFAULT_ORGANISATION
from service.api.context import Context
from service.app import create_app
from service.clock import Clock
from service.settings import Settings
from service.store.cases import CaseRepository
from service.store.database import Database
from service.store.opening import Store, opened_store
from tests.cases import Case
from tests.interface import description_of_interface
from tests.service.declared_status import DeclaredStatus

START = dt.datetime(2026, 1, 1, 12, tzinfo=dt.UTC)
T = TypeVar("T")


@dataclass(frozen=True)
class StoreKit:
    """A store, the tiny case and a clock."""

    database: Database
    instance: Instance
    clock: Clock

    @property
    def whole(self) -> Database:
        """The database as commands of an operator see it: that of all organisations."""
        return Database(self.database.engine)

    def transaction(self) -> AbstractContextManager[Session]:
        """Return a transaction on the store."""
        return self.database.transaction()

    def reading(self) -> AbstractContextManager[Session]:
        """Return a session that reads the store."""
        return self.database.reading()

    def change(self, change: Callable[..., T], *arguments: object) -> T:
        """Call a transition with arguments and the time, in its own transaction."""
        with self.database.transaction() as session:
            return change(session, *arguments, self.clock)

    def put_case(self) -> None:
        """Store the tiny case."""
        with self.database.transaction() as session:
            CaseRepository(session).put(self.instance, is_listed=True, at=self.clock())


def ticking_clock() -> Clock:
    """Return a clock that advances by a second each time it is read."""
    seconds = itertools.count()
    return lambda: START + dt.timedelta(seconds=next(seconds))


@pytest.fixture
def instance(tiny_case: Case) -> Instance:
    """Return the tiny case, read."""
    return read_instance(tiny_case)


@pytest.fixture
def clock() -> Clock:
    """Return a clock that advances by a second each time it is read."""
    return ticking_clock()


@pytest.fixture
def settings(tmp_path: Path, store_url: SecretStr | None) -> Settings:
    """Return the settings of a server with its own folder and database."""
    return Settings(
        data_directory=tmp_path / "data", database_url=store_url, has_worker=False
    )


@pytest.fixture
def store(settings: Settings) -> Generator[Store]:
    """Yield an empty store."""
    with opened_store(settings) as store:
        yield store


@pytest.fixture
def database(store: Store) -> Database:
    """Return the database of the empty store, as its only organisation sees it."""
    return store.database.within(DEFAULT_ORGANISATION)


@pytest.fixture
def kit(database: Database, instance: Instance, clock: Clock) -> StoreKit:
    """Return the empty store with the tiny case, which it does not have yet."""
    return StoreKit(database, instance, clock)


@pytest.fixture(scope="session")
def description() -> dict[str, Any]:
    """Return the description of the interface."""
    return description_of_interface()


@pytest.fixture
def client(
    settings: Settings, clock: Clock, description: dict[str, Any]
) -> Generator[TestClient]:
    """Yield a client of a server without worker: its jobs wait.

    Each answer has a status that the description of its operation has.
    """
    app = create_app(settings, clock=clock)
    app.openapi_schema = description
    undeclared = set[str]()
    app.add_middleware(DeclaredStatus, description=description, undeclared=undeclared)
    with TestClient(app, "http://localhost", raise_server_exceptions=False) as client:
        yield client
    assert not undeclared


@pytest.fixture
def store_context(client: TestClient) -> Context:
    """Return what the client's server works with, for the whole store."""
    app = client.app
    assert isinstance(app, FastAPI)
    context = app.state.context
    assert isinstance(context, Context)
    return context


@pytest.fixture
def context(store_context: Context) -> Context:
    """Return what the routes of the client's server work with, for its only user."""
    return store_context.within(DEFAULT_ORGANISATION)
