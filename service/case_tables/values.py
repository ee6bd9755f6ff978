"""Cells as the values of their fields, or what is wrong with them."""

import datetime as dt
import re
from collections.abc import Callable, Mapping

from service.case_tables.cells import Trouble, Value, date_of
from service.case_tables.kinds import CellKind, Shape
from service.case_tables.layout import CaseColumn
from service.case_tables.places import Unread
from service.case_tables.text import NO_ELEMENT, lines_of_cell, text_of_cell

EXPECTED: Mapping[CellKind, str] = {
    CellKind.TEXT: "text (an apostrophe before it keeps a cell as text)",
    CellKind.NUMBER: "a number, not text: enter it as your spreadsheet writes numbers",
    CellKind.WHOLE: "a whole number, not text",
    CellKind.TRUTH: "yes or no",
    CellKind.DAY: "a date, or text as in 2027-01-31",
}
TRUTHS = {"yes": True, "no": False, "true": True, "false": False}
LIST_OF_NUMBERS = "numbers with a decimal point, parted by semicolons, as 7.5; 30; 60"
LINES = "a line for each field: its name, a colon, and where its figure is from"
# Digits alone mean the same in every language; 1.234 and 1,5 do not.
DIGITS = re.compile(r"[+-]?[0-9]{1,19}")
NUMBER = re.compile(r"[+-]?([0-9]+(\.[0-9]*)?|\.[0-9]+)([eE][+-]?[0-9]+)?")
LARGEST_EXACT = 2**53
MIDNIGHT = dt.time()
_BETWEEN_WORDS = re.compile(r"[;,\n]")


def value_of(cell: Value, column: CaseColumn) -> object:
    """Return the value of a field, or Unread."""
    if isinstance(cell, Trouble):
        return Unread(cell.found, cell.expected)
    match column.values.shape:
        case Shape.LINES:
            texts = lines_of_cell(cell) if isinstance(cell, str) else None
            return Unread(cell, LINES) if texts is None else texts
        case Shape.LIST | Shape.MAPPING:
            return _elements(cell, column)
        case Shape.ONE:
            return _one(cell, column.values.kind)


def _one(cell: Value, kind: CellKind) -> object:
    found = _READERS[kind](cell)
    if found is not None:
        return found
    if isinstance(cell, dt.datetime):
        shown = cell.date() if cell.time() == MIDNIGHT else cell
        return Unread(f"the date {shown}", EXPECTED[kind])
    if kind is CellKind.DAY and isinstance(cell, float) and (day := date_of(cell)):
        expected = f"a date (formatted as one, this number would be {day.date()})"
        return Unread(_short(cell), expected)
    return Unread(_short(cell), EXPECTED[kind])


def _text(cell: Value) -> str | None:
    if isinstance(cell, str):
        return text_of_cell(cell)
    # Excel keeps an identifier such as 2027 as a number.
    return str(_short(cell)) if _is_whole(cell) else None


def _number(cell: Value) -> float | None:
    if isinstance(cell, str):
        return int(cell) if DIGITS.fullmatch(cell.strip()) else None
    return cell if isinstance(cell, float) else None


def _whole(cell: Value) -> object:
    return _short(cell) if isinstance(cell, float) else _number(cell)


def _truth(cell: Value) -> bool | None:
    if isinstance(cell, str):
        return TRUTHS.get(cell.strip().lower())
    return cell if isinstance(cell, bool) else None


def _day(cell: Value) -> dt.date | None:
    if isinstance(cell, dt.datetime):
        return cell.date() if cell.time() == MIDNIGHT else None
    if not isinstance(cell, str):
        return None
    try:
        return dt.date.fromisoformat(cell.strip())
    except ValueError:
        return None


_READERS: Mapping[CellKind, Callable[[Value], object]] = {
    CellKind.TEXT: _text,
    CellKind.NUMBER: _number,
    CellKind.WHOLE: _whole,
    CellKind.TRUTH: _truth,
    CellKind.DAY: _day,
}


def _elements(cell: Value, column: CaseColumn) -> object:
    """Return a list, or one of the words that a field may have in place of one."""
    kind = column.values.kind
    if not isinstance(cell, str):
        one = _one(cell, kind)
        return one if isinstance(one, Unread) else [one]
    text = cell.strip()
    if text in column.values.choices:
        return text
    if text == NO_ELEMENT:
        return []
    if kind is CellKind.TEXT:
        return [x.strip() for x in _BETWEEN_WORDS.split(text) if x.strip()]
    pieces = [x.strip() for x in text.split(";") if x.strip()]
    if not all(NUMBER.fullmatch(x) for x in pieces):
        return Unread(cell, LIST_OF_NUMBERS)
    is_whole = kind is CellKind.WHOLE and all(DIGITS.fullmatch(x) for x in pieces)
    return [int(x) if is_whole else float(x) for x in pieces]


def _is_whole(cell: Value) -> bool:
    is_number = isinstance(cell, float)
    return is_number and cell.is_integer() and abs(cell) < LARGEST_EXACT


def _short(cell: Value) -> object:
    return int(cell) if isinstance(cell, float) and _is_whole(cell) else cell
