"""Zips of folders of CSV files: within limits, and without what systems add."""

from io import BytesIO
from zipfile import ZIP_DEFLATED, ZipFile

import pytest

from models.reading import InvalidCaseError, read_instance
from service.casefiles import load, sent_values
from service.csv_folder import zipped
from service.csv_folder.writing import case_as_csv_files
from service.csv_folder.zipped import is_zipped_folder, zip_reader
from service.workbook.writing import case_as_workbook

INSTANCE = read_instance(load("two_materials"))


def as_zip(files: dict[str, bytes]) -> bytes:
    """Return files as a zip."""
    page = BytesIO()
    with ZipFile(page, "w", ZIP_DEFLATED) as parts:
        for name, content in files.items():
            parts.writestr(name, content)
    return page.getvalue()


def test_a_folder_in_a_zip_is_the_case() -> None:
    """What a system adds to a zip is not read; a workbook is no such zip."""
    files = {f"case/{x}": y for x, y in case_as_csv_files(INSTANCE).items()}
    content = as_zip({**files, "__MACOSX/case/._case.csv": b"x", "case/.DS": b"x"})
    read = read_instance(sent_values(content, "case.zip"))
    assert read.content_hash == INSTANCE.content_hash
    assert not is_zipped_folder(case_as_workbook(INSTANCE))


@pytest.mark.parametrize(
    ("files", "expected"),
    [
        ({"case.csv": b"0" * 1000}, "more than 0.0001 MB when unpacked"),
        ({"a/case.csv": b"", "b/case.csv": b""}, "two files case.csv"),
    ],
)
def test_a_zip_is_refused(
    files: dict[str, bytes], expected: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What it says of sizes is not believed."""
    monkeypatch.setattr(zipped, "MOST_BYTES", 100)
    with pytest.raises(InvalidCaseError, match=f"it: is '{expected}'"):
        zip_reader(as_zip(files), "it")
