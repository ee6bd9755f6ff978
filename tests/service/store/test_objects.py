import datetime as dt
import hashlib
import zlib
from collections.abc import Generator
from pathlib import Path

import pytest
from obstore.store import MemoryStore
from pydantic import SecretStr

from service.errors import (
    DamagedDocumentError,
    ObjectNotFoundError,
    ObjectsUnavailableError,
    StoreUnusableError,
)
from service.settings import Settings
from service.store.compression import pack, unpack
from service.store.objects import YOUNG, Objects, objects_of
from tests.service.store.bucket import bucket
from tests.service.waiting import wait_until

CONTENT = b"columns and rows"
NAME = hashlib.sha256(CONTENT).hexdigest()


@pytest.fixture(params=["folder", "url of a folder", "memory", "bucket"])
def objects(
    request: pytest.FixtureRequest, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> Generator[Objects]:
    """Yield objects in a folder, and in stores that are none."""
    match request.param:
        case "folder":
            yield objects_of(Settings(data_directory=tmp_path / "data"))
        case "url of a folder":
            yield objects_of(Settings(objects_url=f"file://{tmp_path}/a%20b"))
        case "bucket":
            with bucket() as server:
                monkeypatch.setenv("AWS_ENDPOINT_URL", server.address)
                monkeypatch.setenv("AWS_ALLOW_HTTP", "true")
                monkeypatch.setenv("AWS_ACCESS_KEY_ID", "somebody")
                monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "secret")
                yield objects_of(Settings(objects_url="s3://bucket/a/prefix"))
                assert all("somebody" in x for x in server.authorizations)
        case _:
            yield Objects(MemoryStore())


def later() -> dt.datetime:
    """Return a time when nothing of now is young."""
    return dt.datetime.now(dt.UTC) + 2 * YOUNG


def test_an_object_is_found_by_its_hash(objects: Objects) -> None:
    """Put twice it is there once, with the bytes that were put."""
    assert [objects.put(CONTENT) for _ in range(2)] == [NAME] * 2
    assert objects.get(NAME) == CONTENT
    assert list(objects.old(later())) == [(NAME, len(CONTENT))]


def test_a_missing_object_is_reported(objects: Objects) -> None:
    """By its name; to delete it again is no error."""
    objects.put(CONTENT)
    for _ in range(2):
        objects.delete([NAME], later())
    with pytest.raises(ObjectNotFoundError, match=NAME):
        objects.get(NAME)
    assert list(objects.old(later())) == []


def test_what_was_put_again_is_young(objects: Objects) -> None:
    """Its row may not be there yet."""
    objects.put(CONTENT)
    between = dt.datetime.now(dt.UTC)
    assert list(objects.old(between + YOUNG)) == [(NAME, len(CONTENT))]
    # The clock of a folder goes by ticks.
    wait_until(lambda: objects.put(CONTENT) and not [*objects.old(between + YOUNG)])
    objects.delete([NAME], between + YOUNG)
    assert objects.get(NAME) == CONTENT


def test_an_object_with_other_bytes_is_refused(tmp_path: Path) -> None:
    """Whatever changed the file."""
    objects = objects_of(Settings(data_directory=tmp_path))
    objects.put(CONTENT)
    (file,) = (path for path in tmp_path.rglob("*") if path.is_file())
    file.write_bytes(CONTENT + b"!")
    with pytest.raises(DamagedDocumentError, match=NAME):
        objects.get(NAME)


def test_a_folder_that_cannot_be_written_is_reported(tmp_path: Path) -> None:
    """As a database that does not answer: to be tried again."""
    objects = objects_of(Settings(data_directory=tmp_path))
    assert isinstance(objects.place, Path)
    objects.place.write_text("a file in the place of the folder")
    with pytest.raises(ObjectsUnavailableError):
        objects.put(CONTENT)


@pytest.mark.parametrize("url", ["nowhere://x", "no url", "file://host/x"])
def test_a_wrong_url_is_reported(url: str) -> None:
    """With the setting, and what is expected."""
    with pytest.raises(StoreUnusableError, match=r"OBJECTS_URL.*s3://BUCKET"):
        objects_of(Settings(objects_url=url))


def test_a_folder_is_made_by_its_first_object(tmp_path: Path) -> None:
    """Where nothing is kept nothing is written: the disk may be read-only."""
    objects = objects_of(Settings(data_directory=tmp_path))
    assert list(objects.old(later())) == []
    objects.delete([NAME], later())
    with pytest.raises(ObjectNotFoundError):
        objects.get(NAME)
    assert list(tmp_path.iterdir()) == []


def test_two_stores_in_one_folder_have_objects_of_their_own(tmp_path: Path) -> None:
    """What one of them sweeps is not the other's."""
    one, other = (
        objects_of(Settings(database_url=SecretStr(f"sqlite:///{tmp_path}/{name}")))
        for name in ("one", "other")
    )
    one.put(CONTENT)
    assert list(other.old(later())) == []


def test_a_bucket_that_does_not_answer_is_reported(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """It is reported after some tries."""
    monkeypatch.setenv("AWS_ENDPOINT_URL", "http://127.0.0.1:1")
    monkeypatch.setenv("AWS_ALLOW_HTTP", "true")
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", "somebody")
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "secret")
    with pytest.raises(ObjectsUnavailableError):
        objects_of(Settings(objects_url="s3://bucket")).get(NAME)


TEXT = '{"name":"Neodym für Magnete"}'
HASH = hashlib.sha256(TEXT.encode()).hexdigest()


def test_a_packed_document_comes_back_the_same() -> None:
    """Packing loses nothing."""
    assert unpack(pack(TEXT), HASH) == TEXT


def test_other_content_under_the_hash_is_damage() -> None:
    """A document that was changed in the file is not handed out."""
    with pytest.raises(DamagedDocumentError):
        unpack(zlib.compress(b"{}"), HASH)


def test_bytes_that_cannot_be_unpacked_are_damage() -> None:
    """A document that was cut is not handed out."""
    with pytest.raises(DamagedDocumentError):
        unpack(pack(TEXT)[:-8], HASH)
