"""Access to the store of a server; what is wrong with it becomes a mistake."""

import getpass
import uuid
from collections.abc import Generator
from contextlib import contextmanager
from pathlib import Path

from models.reading import InvalidCaseError
from service.cli.options import settings_of
from service.errors import (
    DamagedDocumentError,
    ObjectNotFoundError,
    ObjectsUnavailableError,
    OperatorError,
    StoreUnavailableError,
)
from service.files.text import fault
from service.settings import Settings
from service.store.address import SETTING, database_url, shown
from service.store.audit_log import Author
from service.store.objects import SETTING as OBJECTS
from service.store.opening import Store
from service.store.workers import WorkerRepository


@contextmanager
def reached_store(data_directory: Path | None) -> Generator[Settings]:
    """Yield the settings of the store; errors of it become InvalidCaseError."""
    given = {} if data_directory is None else {"data_directory": data_directory}
    settings = settings_of(given)
    try:
        yield settings
    except OperatorError as error:
        raise InvalidCaseError([error.mistake]) from None
    except (ObjectNotFoundError, DamagedDocumentError) as error:
        expected = "a complete store, with its objects"
        raise fault(shown(database_url(settings)), str(error), expected) from None
    except ObjectsUnavailableError as error:
        where = settings.objects_url or "the folder of the store"
        cause = f"a folder or bucket that can be used ({error.__cause__ or error})"
        raise fault(OBJECTS, where, cause.partition("\n")[0]) from None
    except StoreUnavailableError as error:
        where = shown(database_url(settings))
        cause = f"a database that answers ({error.__cause__ or error})"
        raise fault(SETTING, where, " ".join(cause.split())) from None


@contextmanager
def without_workers(store: Store) -> Generator[None]:
    """Raise InvalidCaseError if a worker of the store is alive."""
    with store.database.reading() as session:
        if WorkerRepository(session).number_living():
            where = shown(store.database.engine.url)
            expected = "a store without living workers (stop servers and workers first)"
            raise fault(SETTING, where, expected)
    yield


def author_of_command() -> Author:
    """Return the user of this machine as author, with a new request id."""
    try:
        actor = getpass.getuser()
    except (KeyError, OSError):
        actor = "anonymous"
    return Author(actor, str(uuid.uuid4()))
