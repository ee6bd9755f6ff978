"""A second store, of each kind, that is empty."""

from collections.abc import Generator
from pathlib import Path

import pytest
from pydantic import SecretStr

from service.clock import Clock
from service.settings import Settings
from service.store.backup.making import back_up
from service.store.database import Database
from service.store.opening import Store, opened_store
from tests.postgres import Postgres


@pytest.fixture(params=["to sqlite", "to postgresql"])
def other_settings(
    request: pytest.FixtureRequest, tmp_path: Path
) -> Generator[Settings]:
    """Yield where another store is."""
    if request.param == "to sqlite":
        yield Settings(data_directory=tmp_path / "other")
        return
    postgres: Postgres = request.getfixturevalue("postgres")
    with postgres.database() as url:
        text = SecretStr(url.render_as_string(hide_password=False))
        yield Settings(data_directory=tmp_path / "other", database_url=text)


@pytest.fixture
def other_store(other_settings: Settings) -> Generator[Store]:
    """Yield another store that has nothing."""
    with opened_store(other_settings) as store:
        yield store


@pytest.fixture
def other(other_store: Store) -> Database:
    """Return the database of the other store."""
    return other_store.database


@pytest.fixture
def backup_file(
    store: Store, one_of_each: Database, tmp_path: Path, clock: Clock
) -> Path:
    """Return a backup of the store with a job in each state."""
    path = tmp_path / "store.backup"
    back_up(one_of_each, store.objects, path, clock)
    return path
