"""Open a store: for servers and workers, or beside them, without changing it."""

import sqlite3
from collections.abc import Generator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from pathlib import Path

from sqlalchemy import URL
from sqlalchemy.exc import DBAPIError

from service.errors import StoreUnavailableError, StoreUnusableError
from service.settings import Settings
from service.store.address import SETTING, database_url, shown, without_password
from service.store.database import Database
from service.store.migrating import (
    EncodingError,
    NewerTablesError,
    OlderTablesError,
    check_current,
    check_encoding,
    migrate,
)
from service.store.objects import Objects, objects_of


@dataclass(frozen=True, slots=True)
class Store:
    """An open database whose tables are up to date, and the objects beside it."""

    database: Database
    objects: Objects


@contextmanager
def opened_store(settings: Settings) -> Generator[Store]:
    """Yield the store with its tables up to date, or raise StoreUnusableError."""
    url, objects = database_url(settings), objects_of(settings)
    try:
        if url.get_backend_name() == "sqlite":
            _folder(url).mkdir(parents=True, exist_ok=True)
        database = Database.open(url)
    except OSError as error:
        raise _unusable(settings, url, str(error)) from error
    with closing(database):
        try:
            check_encoding(database)
            migrate(database)
        except (
            OSError,
            DBAPIError,
            sqlite3.Error,
            EncodingError,
            NewerTablesError,
            StoreUnavailableError,
        ) as error:
            raise _unusable(settings, url, _words(error)) from error
        yield Store(database, objects)


@contextmanager
def visited_store(settings: Settings) -> Generator[Database]:
    """Yield the database of a store beside its server, or raise StoreUnusableError.

    No file is created and no table is changed.
    """
    url = database_url(settings)
    if url.get_backend_name() == "sqlite" and not Path(str(url.database)).is_file():
        raise StoreUnusableError(SETTING, shown(url), "a file that is there")
    with closing(Database.open(url)) as database:
        try:
            check_encoding(database)
            check_current(database)
        except (
            DBAPIError,
            EncodingError,
            NewerTablesError,
            OlderTablesError,
            StoreUnavailableError,
        ) as error:
            expected = "a store of this version"
            reason = without_password(_words(error), url)
            raise StoreUnusableError(
                SETTING, shown(url), f"{expected} ({reason})"
            ) from error
        yield database


def _folder(url: URL) -> Path:
    return Path(str(url.database)).parent


def _words(error: BaseException) -> str:
    if isinstance(error, StoreUnavailableError) and error.__cause__ is not None:
        return _words(error.__cause__)
    return str(error.orig if isinstance(error, DBAPIError) else error)


def _unusable(settings: Settings, url: URL, words: str) -> StoreUnusableError:
    reason = without_password(words, url)
    if url.get_backend_name() != "sqlite":
        expected = f"a database that can be used ({reason})"
        return StoreUnusableError(SETTING, shown(url), expected)
    expected = f"a folder that can be used ({reason})"
    if settings.database_url is None:
        return StoreUnusableError("data directory", str(_folder(url)), expected)
    return StoreUnusableError(SETTING, shown(url), expected)
