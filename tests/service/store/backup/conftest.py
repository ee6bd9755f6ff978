"""A second store, of each kind, that is empty."""

import shutil
from collections.abc import Generator
from pathlib import Path

import pytest
from pydantic import SecretStr

from models.reading import read_instance
from models.tables import DEFAULT_ORGANISATION
from service.settings import Settings
from service.store.backup.making import back_up
from service.store.opening import Store, opened_store
from tests.cases import smallest_case
from tests.postgres import Postgres
from tests.service.conftest import StoreKit, ticking_clock
from tests.service.store.conftest import store_one_of_each


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


@pytest.fixture(scope="session")
def kept_backup(migrated_file: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a backup of a store with a job in each state, for tests to copy."""
    folder = tmp_path_factory.mktemp("backed up")
    shutil.copy(migrated_file, folder)
    path = folder / "store.backup"
    with opened_store(Settings(data_directory=folder, database_url=None)) as store:
        kit = StoreKit(
            store.database.within(DEFAULT_ORGANISATION),
            read_instance(smallest_case()),
            ticking_clock(),
        )
        store_one_of_each(store, kit)
        back_up(kit.whole, store.objects, path, kit.clock)
    return path


@pytest.fixture
def backup_file(kept_backup: Path, tmp_path: Path) -> Path:
    """Return a backup of a store with a job in each state, to change."""
    return Path(shutil.copy(kept_backup, tmp_path))
