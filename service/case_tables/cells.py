"""Cells as a workbook has them: their values, and their names."""

import datetime as dt
import re
from dataclasses import dataclass, field

MOST_COLUMNS, MOST_ROWS = 16_384, 1_048_576
BLANK = " \t\r\n\xa0\u3000"
_REFERENCE = re.compile(r"\$?([A-Z]{1,3})\$?([0-9]{1,7})")
_EPOCHS = {False: dt.datetime(1899, 12, 30), True: dt.datetime(1904, 1, 1)}  # noqa: DTZ001


@dataclass(frozen=True, slots=True)
class Trouble:
    """What a cell has in place of a value, and what it should have."""

    found: str
    expected: str = "a value"


Value = str | float | bool | dt.datetime | Trouble


@dataclass(slots=True)
class Grid:
    """The cells of a sheet that have something, by row and column from 0."""

    name: str
    rows: dict[int, dict[int, Value]] = field(
        default_factory=dict[int, dict[int, Value]]
    )
    merged: list[str] = field(default_factory=list[str])


def reference(row: int, column: int) -> str:
    """Return a cell as spreadsheets name it; row and column count from 0."""
    return f"{letters(column)}{row + 1}"


def letters(column: int) -> str:
    """Return a column as spreadsheets name it."""
    found = ""
    while column >= 0:
        column, letter = divmod(column, 26)
        found = chr(ord("A") + letter) + found
        column -= 1
    return found


def position(name: str) -> tuple[int, int] | None:
    """Return row and column of a cell, from 0; None if it is none."""
    found = _REFERENCE.fullmatch(name)
    if found is None:
        return None
    column = 0
    for letter in found[1]:
        column = 26 * column + ord(letter) - ord("A") + 1
    row = int(found[2])
    is_there = 0 < row <= MOST_ROWS and column <= MOST_COLUMNS
    return (row - 1, column - 1) if is_there else None


def date_of(number: float, *, counts_from_1904: bool = False) -> dt.datetime | None:
    """Return the time that a number stands for in spreadsheets; None if none."""
    try:
        return _EPOCHS[counts_from_1904] + dt.timedelta(days=number)
    except (OverflowError, ValueError):
        return None
