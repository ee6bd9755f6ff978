"""How a command comes to the store of a server, and says what is wrong with it."""

import getpass
import uuid
from collections.abc import Generator
from contextlib import contextmanager
from pathlib import Path

from models.reading import InvalidCaseError
from service.cli.given_settings import settings_of
from service.errors import OperatorError, StoreUnavailableError
from service.files.text import fault
from service.settings import Settings
from service.store.address import SETTING, database_url, shown
from service.store.audit import Author


@contextmanager
def reached_store(data_directory: Path | None) -> Generator[Settings]:
    """Yield where the store is; what is wrong with it becomes an InvalidCaseError."""
    given = {} if data_directory is None else {"data_directory": data_directory}
    settings = settings_of(given)
    try:
        yield settings
    except OperatorError as error:
        raise InvalidCaseError([error.mistake]) from None
    except StoreUnavailableError as error:
        where = shown(database_url(settings))
        cause = f"a database that answers ({error.__cause__ or error})"
        raise fault(SETTING, where, " ".join(cause.split())) from None


def author_of_command() -> Author:
    """Return the user of this machine, with a name for what this command does."""
    try:
        actor = getpass.getuser()
    except (KeyError, OSError):
        actor = "anonymous"
    return Author(actor, str(uuid.uuid4()))
