"""A second store, of each kind, that is empty."""

from collections.abc import Generator
from pathlib import Path

import pytest
from pydantic import SecretStr

from service.settings import Settings
from service.store.backup.making import back_up
from service.store.opening import Store, opened_store
from tests.postgres import Postgres
from tests.service.conftest import StoreKit


@pytest.fixture(params=["to sqlite", "to postgresql"])
def target_settings(
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
def target(target_settings: Settings) -> Generator[Store]:
    """Yield another store that has nothing."""
    with opened_store(target_settings) as store:
        yield store


@pytest.fixture
def backup_file(store: Store, one_of_each: StoreKit, tmp_path: Path) -> Path:
    """Return a backup of the store with a job in each state."""
    path = tmp_path / "store.backup"
    back_up(one_of_each.whole, store.objects, path, one_of_each.clock)
    return path
