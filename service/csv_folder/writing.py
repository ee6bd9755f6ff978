"""A case as a folder of CSV files that spreadsheets open; the same bytes each time."""

import csv
import io
import json
from collections.abc import Iterable, Sequence
from typing import Literal

import yaml

from models.content import canonical_json
from models.instance import Instance
from models.mistakes import Mistake
from models.reading import InvalidCaseError
from service.case_tables.kinds import CellKind
from service.case_tables.layout import CASE, FIGURE_COLUMNS, CaseColumn, layout
from service.case_tables.parts import Cell, Content, cell_of, parts_of
from service.case_tables.values import LARGEST_EXACT
from service.csv_folder.conventions import DECIMALS, FILE, SEPARATORS
from service.csv_folder.grids import MOST_CHARACTERS
from service.csv_folder.reading import file_name
from service.csv_folder.values import NUMBERS, text_as_kept

Decimal = Literal["point", "comma"]
# What spreadsheets part cells by where numbers have that sign.
PARTED_BY = {"point": "comma", "comma": "semicolon"}
ENCODING = "utf-8-sig"  # without the mark, Excel takes it for an older encoding
GUIDE = """\
# How the CSV files of this folder are written, and which must be there. Change it if a
# spreadsheet saves them in another way: decimal and thousands (point or comma),
# separator (comma, semicolon, tab or bar), dates (day first or month first), encoding.
"""


def case_as_csv_files(case: Instance, decimal: Decimal = "point") -> dict[str, bytes]:
    """Return the files of a case by name, with numbers that have a decimal sign.

    Raises InvalidCaseError with every text that is too long for a cell.
    """
    return content_as_csv_files(json.loads(canonical_json(case)), decimal)


def content_as_csv_files(
    content: Content, decimal: Decimal = "point"
) -> dict[str, bytes]:
    """Return the content of a case, as its canonical JSON has it, as files by name."""
    writer = _Writer(decimal)
    figures = [
        (column.heading, writer.cell(cell_of(content, column), column), column.text)
        for column in layout().figures
    ]
    files = {file_name(CASE): writer.file(FIGURE_COLUMNS, figures)}
    needed = list(files)
    for sheet in layout().sheets:
        columns = sheet.all_columns
        rows = [
            [writer.cell(part.of(column), column) for column in columns]
            for part in parts_of(sheet, content)
        ]
        headings = [column.heading for column in columns]
        files[file_name(sheet.name)] = writer.file(headings, rows)
        needed += [file_name(sheet.name)] if rows else []
    if writer.mistakes:
        raise InvalidCaseError(writer.mistakes)
    return {FILE: _conventions(decimal, needed), **files}


class _Writer:
    """Writes cells with one decimal sign."""

    def __init__(self, decimal: Decimal) -> None:
        self._sign = DECIMALS[decimal]
        self._separator = SEPARATORS[PARTED_BY[decimal]]
        self.mistakes: list[Mistake] = []

    def cell(self, cell: Cell, column: CaseColumn) -> str:
        """Return what a cell has as text."""
        if cell is None:
            return ""
        text = _number(cell) if isinstance(cell, float) else str(cell)
        if len(text) > MOST_CHARACTERS:
            found = f"{len(text):,} characters"
            expected = f"at most {MOST_CHARACTERS:,} in a cell (YAML has no limit)"
            self.mistakes.append(Mistake(column.name, found, expected))
        if column.values.kind in NUMBERS:
            return text.replace(".", self._sign)
        return text_as_kept(text) if column.values.kind is CellKind.TEXT else text

    def file(self, headings: Sequence[str], rows: Iterable[Sequence[str]]) -> bytes:
        """Return a table as a file."""
        page = io.StringIO(newline="")
        writer = csv.writer(page, delimiter=self._separator)
        writer.writerows([headings, *rows])
        return page.getvalue().encode(ENCODING)


def _conventions(decimal: Decimal, files: list[str]) -> bytes:
    said = {"decimal": decimal, "separator": PARTED_BY[decimal], "files": files}
    return (GUIDE + yaml.safe_dump(said, sort_keys=False)).encode()


def _number(value: float) -> str:
    is_whole = value.is_integer() and abs(value) < LARGEST_EXACT
    return str(int(value)) if is_whole else repr(value)
