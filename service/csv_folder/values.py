"""Cells of text as the values of their fields, or what is wrong with them."""

import datetime as dt
from collections.abc import Callable, Mapping
from dataclasses import replace

from service.case_tables.cells import date_of
from service.case_tables.kinds import CellKind, Shape
from service.case_tables.layout import CaseColumn
from service.case_tables.places import Unread
from service.case_tables.text import NO_ELEMENT
from service.case_tables.values import LARGEST_EXACT, value_of
from service.csv_folder.conventions import Conventions
from service.csv_folder.numbers import day_of, number_of
from service.tabular.formulas import FORMULA_OPENINGS

KEPT = "'"  # before text that a spreadsheet would compute, or that has it itself
LIST_OF_NUMBERS = "numbers, parted by semicolons"
NUMBERS = (CellKind.NUMBER, CellKind.WHOLE)


def text_as_kept(text: str) -> str:
    """Return text so that a spreadsheet leaves it as it is."""
    is_at_risk = text != NO_ELEMENT and text.startswith((KEPT, *FORMULA_OPENINGS))
    return f"{KEPT}{text}" if is_at_risk else text


def text_of_kept(written: str) -> str:
    """Return the text that a cell means."""
    is_kept = written[1:].startswith((KEPT, *FORMULA_OPENINGS))
    return written[1:] if written.startswith(KEPT) and is_kept else written


def value_of_text(cell: str, column: CaseColumn, conventions: Conventions) -> object:
    """Return the value of a field, or Unread."""
    kind, shape = column.values.kind, column.values.shape
    if kind in NUMBERS and shape is not Shape.ONE:
        return _numbers(cell, column, conventions)
    if kind is CellKind.TRUTH:
        return value_of(cell, column)
    read = _READERS.get(kind)
    if read is None:
        return value_of(text_of_kept(cell), column)
    return read(cell, conventions)


def _numbers(cell: str, column: CaseColumn, conventions: Conventions) -> object:
    text = cell.strip()
    if text in {NO_ELEMENT, *column.values.choices}:
        return value_of(text, column)
    pieces = [piece.strip() for piece in text.split(";") if piece.strip()]
    found = [_number(piece, conventions) for piece in pieces]
    wrong = next((x for x in found if isinstance(x, Unread)), None)
    if wrong is None:
        return found
    is_ambiguous = wrong.told_once_for is not None
    return wrong if is_ambiguous else Unread(cell, LIST_OF_NUMBERS)


def _number(cell: str, conventions: Conventions) -> object:
    found = number_of(cell, conventions)
    if isinstance(found, float) and found.is_integer() and abs(found) < LARGEST_EXACT:
        return int(found)
    return found


def _day(cell: str, conventions: Conventions) -> dt.date | Unread:
    found = day_of(cell, conventions)
    number = number_of(cell, conventions)
    if isinstance(found, Unread) and isinstance(number, int | float):
        as_date = date_of(float(number))
        if as_date is not None:
            expected = f"{found.expected} (as a spreadsheet counts: {as_date.date()})"
            return replace(found, expected=expected)
    return found


_READERS: Mapping[CellKind, Callable[[str, Conventions], object]] = {
    CellKind.NUMBER: _number,
    CellKind.WHOLE: _number,
    CellKind.DAY: _day,
}
