"""Workbooks with mistakes: each is told with its sheet and cell, all at once."""

import datetime as dt
from copy import deepcopy

import pytest

from models.reading import InvalidCaseError, read_instance
from service.case_tables.cells import Grid, Trouble, Value, position
from service.case_tables.reading import CaseReader
from service.casefiles import load
from service.workbook.reading import Sheets
from service.workbook.sheets import grids_of
from service.workbook.writing import case_as_workbook

Edits = dict[str, dict[str, Value]]


@pytest.fixture(scope="module")
def written() -> list[Grid]:
    """Return the sheets of a small case, as they are written."""
    case = read_instance(load("two_materials"))
    return grids_of(case_as_workbook(case), "it")


def told(grids: list[Grid], edits: Edits) -> list[str]:
    """Return what is told of some sheets after cells of them have changed."""
    edited = deepcopy(grids)
    for name, cells in edits.items():
        grid = next(grid for grid in edited if grid.name == name)
        for cell, value in cells.items():
            row, column = position(cell) or (0, 0)
            grid.rows.setdefault(row, {})[column] = value
    return read(edited)


def read(grids: list[Grid]) -> list[str]:
    """Return what is told of some sheets."""
    reader = CaseReader(Sheets())
    reader.read(grids, "it")
    try:
        read_instance(reader.case)
    except InvalidCaseError as error:
        reader.mistakes += reader.places.told(error.mistakes)
    return [str(mistake) for mistake in reader.mistakes]


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        ("12,5", "is '12,5', expected a number, not text"),
        ("1.234", "is '1.234', expected a number, not text"),
        (dt.datetime(2027, 5, 1), "is 'the date 2027-05-01', expected a number"),  # noqa: DTZ001
        (True, "is True, expected a number"),
        (Trouble("an error of a formula (#DIV/0!)"), "(#DIV/0!)', expected a value"),
        (-1.0, "is -1.0, expected greater than 0"),
    ],
)
def test_a_wrong_number_is_told_with_its_cell(
    written: list[Grid], value: Value, expected: str
) -> None:
    """Column E of the materials is the lot."""
    (mistake,) = told(written, {"Materials": {"E2": value}})
    assert mistake.startswith("Sheet Materials, cell E2: ")
    assert expected in mistake


def test_digits_alone_are_a_number(written: list[Grid]) -> None:
    """They mean the same wherever a point or a comma parts decimals."""
    assert told(written, {"Materials": {"E2": "10"}}) == []


def test_a_number_is_no_date(written: list[Grid]) -> None:
    """The message says which date it would be."""
    (mistake,) = told(written, {"Case": {"B5": 46388.0}})
    assert mistake.startswith("Sheet Case, cell B5: is 46388, expected a date")
    assert "2027-01-01" in mistake


def test_all_mistakes_are_told_at_once(written: list[Grid]) -> None:
    """Those of cells, of names, of sheets and of headings."""
    edits: Edits = {
        "Routes": {"A1": "ident", "C2": "primery"},
        "Products bill of materials": {"A2": "motr"},
        "Participants": {"C2": "nobody"},
    }
    grids = deepcopy(written)
    next(x for x in grids if x.name == "Events").name = "Events 2"
    mistakes = told(grids, edits)
    for place, expected in (
        ("Sheet Events 2:", "perhaps Events"),
        ("Sheet Routes, cell A1:", "one of the headings"),
        ("Sheet Routes, row 1:", "'without id'"),
        ("Sheet Routes, cell C2:", "'primary' or 'recycling'"),
        ("Sheet Products bill of materials, cell A2:", "sheet Products, by its id"),
    ):
        assert any(x.startswith(place) and expected in x for x in mistakes), place


def test_merged_cells_and_cells_without_heading_are_told(written: list[Grid]) -> None:
    """Their values would be lost."""
    grids = deepcopy(written)
    routes = next(grid for grid in grids if grid.name == "Routes")
    routes.merged.append("A2:A3")
    routes.rows[1][30] = "stray"
    merged, stray = read(grids)
    assert merged.startswith("Sheet Routes, cells A2:A3: is 'merged'")
    assert stray.startswith("Sheet Routes, cell AE2: is 'stray', expected nothing")


def test_notes_of_a_person_are_not_read(written: list[Grid]) -> None:
    """Neither sheets nor columns whose name begins with Note."""
    notes = Grid("Notes of today", {0: {0: "anything"}})
    edits: Edits = {"Routes": {"AE1": "note", "AE2": "ask them"}}
    assert told([*deepcopy(written), notes], edits) == []


def test_an_absent_value_is_told_with_its_cell(written: list[Grid]) -> None:
    """An empty cell has a place too."""
    grids = deepcopy(written)
    del next(x for x in grids if x.name == "Materials").rows[1][4]
    (mistake,) = read(grids)
    assert mistake.startswith("Sheet Materials, cell E2: is 'absent'")


def test_a_workbook_of_something_else_is_told() -> None:
    """Its sheets are named."""
    with pytest.raises(InvalidCaseError, match="sheets: is 'Sheet1', expected those"):
        CaseReader(Sheets()).read([Grid("Sheet1", {0: {0: "x"}})], "it")
