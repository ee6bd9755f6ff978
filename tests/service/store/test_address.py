from pathlib import Path

import pytest
from pydantic import SecretStr
from sqlalchemy import URL

from service.errors import StoreUnusableError
from service.settings import Settings
from service.store.address import database_url, shown, without_password


def of(text: str) -> URL:
    """Return the URL of a text in the environment."""
    return database_url(Settings(database_url=SecretStr(text)))


def test_the_default_is_a_file_of_the_data_directory(tmp_path: Path) -> None:
    """Its path is complete, for processes that are elsewhere."""
    url = database_url(Settings(data_directory=tmp_path / "x" / ".." / "y"))
    assert url.database == str(tmp_path.resolve() / "y" / "strongroom.sqlite3")


def test_a_relative_file_is_seen_from_the_working_directory() -> None:
    """As SQLAlchemy reads it: three strokes."""
    assert of("sqlite:///a/b.db").database == str(Path("a/b.db").resolve())


@pytest.mark.parametrize("driver", ["postgresql", "postgresql+psycopg"])
def test_postgresql_is_reached_by_the_driver_that_is_there(driver: str) -> None:
    """The short form does as well."""
    url = of(f"{driver}://me:a%40b@host:5433/name?sslmode=require")
    assert (url.drivername, url.password) == ("postgresql+psycopg", "a@b")
    assert url.query == {"sslmode": "require"}


@pytest.mark.parametrize(
    "text",
    [
        "",
        "hunter2",
        "mysql://me:hunter2@host/name",
        "postgresql+asyncpg://me:hunter2@host/name",
        "postgresql://me:hunter2@host",
        "postgresql://me:p@hunter2@host/name",
        "postgresql://me:x:hunter2@host:port/name",
        "sqlite://",
        "sqlite:///:memory:",
        "sqlite:///a.db?mode=ro",
        "sqlite://host/a.db",
    ],
)
def test_another_url_is_refused_without_its_password(text: str) -> None:
    """The message names the setting and the forms that it has."""
    with pytest.raises(StoreUnusableError, match="STRONGROOM_DATABASE_URL") as raised:
        of(text)
    assert "postgresql+psycopg://USER:PASSWORD@HOST" in str(raised.value)
    assert "hunter2" not in str(raised.value)


def test_passwords_are_hidden_wherever_they_stand() -> None:
    """In the place of a password, among the options, in the words of a library."""
    url = of("postgresql://me:first@host/name?password=second")
    assert shown(url) == "postgresql+psycopg://me:***@host/name"
    words = "no first,\n  no second"
    assert without_password(words, url) == "no ***, no ***"
