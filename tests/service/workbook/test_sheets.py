"""Files of workbooks: what cells have is kept or told, and nothing takes all memory."""

import io
import zipfile
from collections.abc import Callable
from typing import Any

import pytest
import xlsxwriter

from models.reading import InvalidCaseError
from service.case_tables.cells import Trouble, reference
from service.workbook import package, sheets
from service.workbook.sheets import NO_VALUE, grids_of

SHEET = "xl/worksheets/sheet1.xml"


def book(write: Callable[[Any], object]) -> bytes:
    """Return a workbook of one sheet, which a function writes."""
    file = io.BytesIO()
    workbook = xlsxwriter.Workbook(file)
    write(workbook.add_worksheet("One"))
    workbook.close()
    return file.getvalue()


def edited(content: bytes, part: str, old: str, new: str) -> bytes:
    """Return a workbook with some text of a part in place of other text."""
    file = io.BytesIO()
    with (
        zipfile.ZipFile(io.BytesIO(content)) as before,
        zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as after,
    ):
        for name in before.namelist():
            text = before.read(name)
            if name == part:
                assert old.encode() in text
                text = text.replace(old.encode(), new.encode())
            after.writestr(name, text)
    return file.getvalue()


def test_formulas_count_with_their_values() -> None:
    """One that nobody computed, or that has an error, is told and not dropped."""

    def write(sheet: Any) -> None:  # noqa: ANN401
        sheet.write_formula(0, 0, "=1+1", None, 2)
        sheet.write_formula(0, 1, "=1/0", None, "#DIV/0!")
        sheet.write_formula(0, 2, "=A1", None, 77)

    content = edited(book(write), SHEET, "<v>77</v>", "")
    (grid,) = grids_of(content, "it")
    error = Trouble("an error of a formula (#DIV/0!)")
    assert grid.rows == {0: {0: 2.0, 1: error, 2: NO_VALUE}}


def test_a_cell_in_the_last_corner_takes_no_memory() -> None:
    """Readers that fill the rectangle before it end the process."""
    (grid,) = grids_of(book(lambda x: x.write_number(1_048_575, 16_383, 5)), "it")
    assert grid.rows == {1_048_575: {16_383: 5.0}}
    assert reference(1_048_575, 16_383) == "XFD1048576"


def test_rows_that_are_only_formatted_are_no_rows() -> None:
    """A spreadsheet may keep a million of them."""
    rows = "".join(f'<row r="{i}"><c r="A{i}" s="0"/></row>' for i in range(2, 5000))
    content = book(lambda x: x.write_number(0, 0, 5))
    content = edited(content, SHEET, "</sheetData>", f"{rows}</sheetData>")
    (grid,) = grids_of(content, "it")
    assert grid.rows == {0: {0: 5.0}}


def test_hidden_sheets_and_rows_and_merged_cells_are_seen() -> None:
    """They are read like any other; merged ones are told."""

    def write(sheet: Any) -> None:  # noqa: ANN401
        sheet.write_string(1, 0, "hidden")
        sheet.set_row(1, None, None, {"hidden": True})
        sheet.merge_range("C1:D2", "wide")

    (grid,) = grids_of(book(write), "it")
    assert grid.rows[1] == {0: "hidden"}
    assert grid.merged == ["C1:D2"]


def test_what_unpacks_without_end_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    """Whatever the file says of its own size."""
    monkeypatch.setattr(package, "MOST_UNPACKED_BYTES", 100_000)
    filling = "<!--" + "x" * 200_000 + "-->"
    content = edited(
        book(lambda _: None), SHEET, "<sheetData/>", f"<sheetData/>{filling}"
    )
    assert len(content) < 20_000
    with pytest.raises(InvalidCaseError, match=r"more than 0\.1 MB when unpacked"):
        grids_of(content, "it")


def test_too_many_cells_are_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    """The limit is of cells with something in them."""
    monkeypatch.setattr(sheets, "MOST_CELLS", 1)
    content = book(lambda sheet: sheet.write_row(0, 0, [1, 2]))
    with pytest.raises(InvalidCaseError, match="more than 1 cells"):
        grids_of(content, "it")


@pytest.mark.parametrize(
    ("content", "found"),
    [
        (package.OLD_OR_ENCRYPTED + b"\0" * 100, "one with a password"),
        (b"PK\x03\x04 and no more", "no workbook"),
        (b"id: case", "no workbook"),
        (
            edited(
                book(lambda _: None),
                package.CONTENT_TYPES,
                "openxmlformats-officedocument.spreadsheetml.sheet.main",
                "ms-excel.sheet.macroEnabled.main",
            ),
            "a workbook with macros",
        ),
        (
            edited(book(lambda _: None), SHEET, "<worksheet", "<!DOCTYPE x><worksheet"),
            "a document type",
        ),
        (edited(book(lambda _: None), SHEET, "</worksheet>", ""), "XML"),
    ],
)
def test_what_is_no_plain_workbook_is_told(content: bytes, found: str) -> None:
    """An older or protected one, one with macros, a broken one, another file."""
    with pytest.raises(InvalidCaseError, match=found):
        grids_of(content, "it")
