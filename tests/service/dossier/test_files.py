"""The zip: every file, in order, without a time."""

from io import BytesIO
from zipfile import ZipFile

from service.dossier.files import zipped

FILES = {"b.json": b"{}", "a/c.csv": b"x" * 10_000, "a.html": b""}


def test_every_file_is_in_it() -> None:
    """As it was, in order of the names."""
    with ZipFile(BytesIO(zipped(FILES))) as archive:
        assert archive.testzip() is None
        assert archive.namelist() == ["a.html", "a/c.csv", "b.json"]
        assert {name: archive.read(name) for name in FILES} == FILES


def test_the_order_of_the_files_is_nothing() -> None:
    """The same files give the same bytes."""
    assert zipped(FILES) == zipped(dict(reversed(FILES.items())))


def test_no_time_is_in_it() -> None:
    """Every file has the earliest time there is, and may be read by all."""
    with ZipFile(BytesIO(zipped(FILES))) as archive:
        entries = archive.infolist()
    assert {x.date_time for x in entries} == {(1980, 1, 1, 0, 0, 0)}
    assert {x.external_attr >> 16 for x in entries} == {0o644}
