from pathlib import Path
from typing import Any

import pytest
from pydantic import SecretStr
from sqlmodel import text

from service.errors import StoreUnusableError
from service.settings import Settings
from service.store.jobs import JobRepository
from service.store.opening import opened_store
from tests.postgres import Postgres


def test_a_store_may_be_opened_by_several(settings: Settings) -> None:
    """Servers and workers share it; the second one finds the tables there."""
    with opened_store(settings) as first, opened_store(settings) as second:
        for store in (first, second):
            with store.database.reading() as session:
                assert JobRepository(session).number_by_state()


def test_a_file_in_the_place_of_the_folder_is_a_clear_error(tmp_path: Path) -> None:
    """The message names the folder."""
    (tmp_path / "data").write_text("")
    with (
        pytest.raises(StoreUnusableError, match="data"),
        opened_store(Settings(data_directory=tmp_path / "data")),
    ):
        pass


@pytest.mark.parametrize("store_url", [None])
def test_a_file_that_is_no_database_is_a_clear_error(settings: Settings) -> None:
    """The message reports that the file is no database."""
    settings.data_directory.mkdir()
    settings.database_file.write_text("some other file, long enough to be one" * 99)
    with (
        pytest.raises(StoreUnusableError, match="not a database"),
        opened_store(settings),
    ):
        pass


def test_tables_of_a_newer_version_are_a_clear_error(settings: Settings) -> None:
    """The message has the stored and the known revision."""
    with opened_store(settings) as store, store.database.transaction() as session:
        session.connection().execute(text("UPDATE alembic_version SET version_num='x'"))
    with (
        pytest.raises(StoreUnusableError, match=r"newer version .*\(revision x; "),
        opened_store(settings),
    ):
        pass


@pytest.mark.parametrize(
    ("change", "reason"),
    [
        ({"username": "stranger"}, "authentication failed|does not exist"),
        ({"database": "nowhere"}, 'database "nowhere" does not exist'),
        ({"port": 1}, r"\b1\b.* failed"),
    ],
)
def test_a_database_that_does_not_take_us_is_a_clear_error(
    postgres: Postgres, change: dict[str, Any], reason: str
) -> None:
    """The message has the reason and no password."""
    # A server that asks for a password asks before it looks for the database.
    is_known = "username" not in change
    password = postgres.url.password if is_known else None
    url = postgres.url.set(password=password or "not the secret one", **change)
    text = url.render_as_string(hide_password=False)
    with (
        pytest.raises(StoreUnusableError, match=reason) as raised,
        opened_store(Settings(database_url=SecretStr(text))),
    ):
        pass
    assert str(url.password) not in str(raised.value)
