"""Large tables as objects, in a folder or in a bucket, named by their own hash.

An object is written before the row that refers to it, and deleted after it. An object
that is there is written again, so that it counts as young until its row is stored.
"""

import datetime as dt
import hashlib
import logging
from collections.abc import Collection, Generator, Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import unquote, urlsplit

import obstore
from obstore.exceptions import BaseError
from obstore.store import LocalStore, ObjectStore, from_url

from service.errors import (
    DamagedDocumentError,
    ObjectNotFoundError,
    ObjectsUnavailableError,
    StoreUnusableError,
)
from service.settings import Settings
from service.store.address import database_url

if TYPE_CHECKING:
    from obstore import ObjectMeta

SETTING = "STRONGROOM_OBJECTS_URL"
FORMS = (
    "file:///FOLDER, s3://BUCKET/PREFIX, gs://BUCKET/PREFIX or az://ACCOUNT/CONTAINER"
)
FOLDER, ENDING = "objects", ".objects"
PREFIX = "sha256"
NUMBER_OF_BRANCH_CHARACTERS = 2
# The row that refers to an object is stored long before.
YOUNG = dt.timedelta(hours=1)
# A request waits this long for a table; a job tries more than once.
PATIENCE = dt.timedelta(seconds=10)

logger = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Objects:
    """Bytes by their SHA-256, in a folder, which `put` creates, or in a bucket."""

    place: Path | ObjectStore

    def put(self, content: bytes) -> str:
        """Store bytes, even if they are there; return their SHA-256."""
        name = hashlib.sha256(content).hexdigest()
        with _translated_errors():
            if isinstance(self.place, Path):
                self.place.mkdir(parents=True, exist_ok=True)
            obstore.put(self._opened(), _path(name), content)
        return name

    def get(self, name: str) -> bytes:
        """Return bytes; raise ObjectNotFoundError or DamagedDocumentError."""
        try:
            with _translated_errors():
                content = bytes(obstore.get(self._opened(), _path(name)).bytes())
        except FileNotFoundError:
            raise ObjectNotFoundError(name) from None
        if hashlib.sha256(content).hexdigest() != name:
            raise DamagedDocumentError(name)
        return content

    def old(self, now: dt.datetime) -> Iterator[tuple[str, int]]:
        """Yield name and bytes of each object that is not young."""
        if not self._is_there():
            return
        with _translated_errors():
            pages: Iterable[Sequence[ObjectMeta]] = obstore.list(  # pyright: ignore[reportUnknownMemberType] - as Arrow
                self._opened(), PREFIX
            )
            for page in pages:
                for found in page:
                    if _is_old(found, now):
                        yield Path(found["path"]).name, found["size"]

    def delete(self, names: Collection[str], now: dt.datetime) -> None:
        """Delete objects that are still old; a missing one is no error."""
        if not self._is_there():
            return
        with _translated_errors():
            for name in names:
                try:
                    # It may have been put again, and have its row by now.
                    found = obstore.head(self._opened(), _path(name))
                    if _is_old(found, now):
                        obstore.delete(self._opened(), _path(name))
                except FileNotFoundError:
                    logger.info("object %s is deleted already", name)

    def _is_there(self) -> bool:
        return not isinstance(self.place, Path) or self.place.is_dir()

    def _opened(self) -> ObjectStore:
        if not isinstance(self.place, Path):
            return self.place
        if not self.place.is_dir():
            raise FileNotFoundError(self.place)
        return LocalStore(self.place)


def objects_of(settings: Settings) -> Objects:
    """Return the objects of a store, or raise StoreUnusableError."""
    if settings.objects_url is None:
        url = database_url(settings)
        if url.get_backend_name() == "sqlite":
            return Objects(Path(f"{url.database}{ENDING}").resolve())
        return Objects((settings.data_directory / FOLDER).resolve())
    try:
        if settings.objects_url.startswith("file:"):
            return Objects(_folder(settings.objects_url))
        return Objects(
            from_url(
                settings.objects_url,
                retry_config={"max_retries": 3, "retry_timeout": PATIENCE},
            )
        )
    except (BaseError, ValueError) as error:
        reason = f"{FORMS} ({_words(error)})"
        raise StoreUnusableError(SETTING, settings.objects_url, reason) from None


def _is_old(found: "ObjectMeta", now: dt.datetime) -> bool:
    return found["last_modified"] < now - YOUNG


def _words(error: BaseException) -> str:
    """Return the first line; the rest is for the authors of the library."""
    return str(error).partition("\n")[0]


def _folder(url: str) -> Path:
    parts = urlsplit(url)
    if parts.netloc or not parts.path.startswith("/"):
        msg = "its path is to begin with a slash, and no machine before it"
        raise ValueError(msg)
    return Path(unquote(parts.path))


def _path(name: str) -> str:
    return f"{PREFIX}/{name[:NUMBER_OF_BRANCH_CHARACTERS]}/{name}"


@contextmanager
def _translated_errors() -> Generator[None]:
    try:
        yield
    except FileNotFoundError:
        raise
    except (BaseError, OSError) as error:
        logger.error("the objects: %s", _words(error))  # noqa: TRY400 - its message will do
        raise ObjectsUnavailableError from error
