"""Tables as an Excel workbook, one sheet each; the same bytes each time.

Numbers are numbers and dates dates. Text is written as text: no cell is a formula or a
link, whatever it begins with.
"""

import datetime as dt
import re
from collections.abc import Iterable, Iterator, Sequence
from io import BytesIO
from typing import Any

import xlsxwriter

from service.tabular.flat_tables import FlatTable, Scalar
from service.tabular.headings import heading

MOST_ROWS = 1_048_575  # below the heading
MOST_CHARACTERS = 32_767  # of a cell
CUT = " ... (cut here; JSON has all)"
LONGEST_NAME = 31
RESERVED = "history"  # Excel keeps the name for itself
FORBIDDEN = re.compile(r"[^A-Za-z0-9 _.-]")
# Larger ones would lose digits as numbers.
LARGEST_EXACT = 2**53
EARLIEST = dt.datetime(1980, 1, 1, tzinfo=dt.UTC)


def as_workbook(tables: Sequence[FlatTable]) -> bytes:
    """Return tables as a workbook; the first row of each sheet is frozen.

    Raises ValueError if a table has more rows than a sheet.
    """
    page = BytesIO()
    workbook = xlsxwriter.Workbook(page, {"in_memory": True})
    # Else the file would say when it was made.
    workbook.set_properties({"created": EARLIEST.replace(tzinfo=None)})
    bold = workbook.add_format({"bold": True, "text_wrap": True, "valign": "top"})
    day = workbook.add_format({"num_format": "yyyy-mm-dd"})
    for name, table in zip(_sheet_names(tables), tables, strict=True):
        _fill(workbook.add_worksheet(name), table, bold, day)
    workbook.close()
    return page.getvalue()


def _fill(sheet: Any, table: FlatTable, bold: Any, day: Any) -> None:  # noqa: ANN401
    """Write a table to a sheet."""
    if len(table.rows) > MOST_ROWS:
        msg = f"{table.name} has {len(table.rows)} rows, expected at most {MOST_ROWS}"
        raise ValueError(msg)
    for at, column in enumerate(table.columns):
        sheet.write_string(0, at, _fitting(heading(column)), bold)
    for number, row in enumerate(table.rows, start=1):
        for at, cell in enumerate(row):
            _write(sheet, number, at, cell, day)
    sheet.freeze_panes(1, 0)
    sheet.autofilter(0, 0, len(table.rows), max(len(table.columns) - 1, 0))
    sheet.autofit(300)


def _write(sheet: Any, row: int, column: int, cell: Scalar, day: Any) -> None:  # noqa: ANN401
    # Never sheet.write: it takes text that begins with = for a formula.
    match cell:
        case None:
            pass
        case bool():
            sheet.write_boolean(row, column, cell)
        case int() | float():
            if isinstance(cell, int) and abs(cell) > LARGEST_EXACT:
                sheet.write_string(row, column, str(cell))
            else:
                sheet.write_number(row, column, cell)
        case dt.date():
            sheet.write_datetime(row, column, cell, day)
        case str():
            sheet.write_string(row, column, _fitting(cell))


def _fitting(text: str) -> str:
    """Return text that a cell can hold, and say so if it was cut."""
    if len(text) <= MOST_CHARACTERS:
        return text
    return text[: MOST_CHARACTERS - len(CUT)] + CUT


def _sheet_names(tables: Iterable[FlatTable]) -> Iterator[str]:
    """Yield the name of each sheet: that of its table, cut and numbered if need be."""
    taken = {RESERVED}
    for table in tables:
        plain = FORBIDDEN.sub("_", table.name)
        name, number = plain[:LONGEST_NAME], 1
        while name.lower() in taken:
            number += 1
            ending = f"~{number}"
            name = plain[: LONGEST_NAME - len(ending)] + ending
        taken.add(name.lower())
        yield name
