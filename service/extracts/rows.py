"""The rows of an extract, from a file of text or a workbook."""

import io
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from models.mistakes import Mistake
from models.reading import InvalidCaseError
from service.case_tables.cells import Grid, Value, letters
from service.case_tables.places import Unread
from service.case_tables.tables import as_line
from service.csv_folder.encodings import decoded
from service.csv_folder.grids import csv_table
from service.csv_folder.numbers import number_of
from service.extracts.mapping import ExtractMapping
from service.files.text import fault
from service.variants.changing import nearest
from service.workbook.package import is_workbook
from service.workbook.sheets import grids_of


@dataclass(frozen=True, slots=True)
class ExtractRow:
    """A row of an extract: its cells by heading, in lower case, and its number."""

    cells: Mapping[str, Value]
    number: int

    def text(self, heading: str) -> str:
        """Return a cell as a line of text."""
        return as_line(self.cells.get(heading.casefold()))


@dataclass(frozen=True, slots=True)
class Extract:
    """The rows of an extract, and its columns by heading, in lower case."""

    name: str
    rows: tuple[ExtractRow, ...]
    columns: Mapping[str, int]
    mapping: ExtractMapping

    def place(self, row: ExtractRow, heading: str) -> str:
        """Return a cell as a place."""
        column = letters(self.columns[heading.casefold()])
        return f"{self.name}, row {row.number}, column {column} ({heading})"

    def number(self, row: ExtractRow, heading: str) -> float | Unread:
        """Return a cell as a number."""
        cell = row.cells.get(heading.casefold())
        if isinstance(cell, str):
            return number_of(cell, self.mapping.written)
        if isinstance(cell, bool) or not isinstance(cell, float):
            return Unread("empty" if cell is None else as_line(cell), "a number")
        return cell


def read_extract(content: bytes, name: str, mapping: ExtractMapping) -> Extract:
    """Return the rows of an extract that the mapping takes.

    Raises InvalidCaseError with every mistake of its form, and if it lacks headings.
    """
    grid, before, mistakes = _grid(content, name, mapping)
    found = dict[str, int]()
    for at, cell in sorted(grid.rows.get(0, {}).items()):
        heading = as_line(cell).casefold()
        if heading in found and heading in _wanted(mapping):
            place = f"{name}, row {before + 1}, column {letters(at)}"
            mistakes.append(Mistake(place, as_line(cell), "each heading once"))
        found.setdefault(heading, at)
    mistakes += _missing(grid, name, mapping, found)
    if mistakes:
        raise InvalidCaseError(mistakes)
    rows = [
        ExtractRow({x: cells[at] for x, at in found.items() if at in cells}, number)
        for row, cells in sorted(grid.rows.items())
        if row > 0 and (number := row + before + 1)
    ]
    extract = Extract(name, tuple(rows), found, mapping)
    if mistakes := list(_never_there(extract)):
        raise InvalidCaseError(mistakes)
    taken = tuple(row for row in rows if _is_taken(row, mapping))
    if not taken:
        raise fault(
            name, f"{len(rows):,} rows, of which none is taken", "a row at least"
        )
    return Extract(name, taken, found, mapping)


def _grid(
    content: bytes, name: str, mapping: ExtractMapping
) -> tuple[Grid, int, list[Mistake]]:
    """Return the cells with the headings in row 0, and the number of rows before."""
    before = mapping.heading_row - 1
    if is_workbook(content, name[name.rfind(".") :]):
        sheet = _sheet(grids_of(content, name), name, mapping.sheet)
        rows = {at - before: x for at, x in sheet.rows.items() if at >= before}
        return Grid(name, rows), before, []
    text = decoded(content, mapping.written.encoding, name)
    lines = io.StringIO(text, newline="").readlines()[before:]
    found = csv_table(name, "".join(lines), _wanted(mapping), mapping.written, name)
    return found.grid, before + found.first_row, list(found.mistakes)


def _sheet(grids: list[Grid], name: str, wanted: str | None) -> Grid:
    found = [grid for grid in grids if wanted is None or grid.name == wanted]
    if not found:
        known = nearest(str(wanted), [grid.name for grid in grids])
        place = f"{name}, sheets"
        raise fault(place, wanted, f"one of the sheets {known}")
    return found[0]


def _wanted(mapping: ExtractMapping) -> frozenset[str]:
    return frozenset(x.casefold() for x in mapping.headings.values())


def _missing(
    grid: Grid, name: str, mapping: ExtractMapping, found: Mapping[str, int]
) -> Iterator[Mistake]:
    known = [as_line(cell) for cell in grid.rows.get(0, {}).values()]
    for path, heading in mapping.headings.items():
        if heading.casefold() not in found:
            expected = f"one of the headings of {name} {nearest(heading, known)}"
            yield Mistake(f"mapping, {path}", heading, expected)


def _never_there(extract: Extract) -> Iterator[Mistake]:
    """Yield texts of rows to take or to leave out that are in no row."""
    mapping = extract.mapping
    for name, wanted in (("only", mapping.only), ("without", mapping.without)):
        for heading, texts in wanted.items():
            there = {row.text(heading) for row in extract.rows}
            for text in texts:
                if text not in there:
                    expected = f"a text of that column {nearest(text, sorted(there))}"
                    yield Mistake(f"mapping, {name}.{heading}", text, expected)


def _is_taken(row: ExtractRow, mapping: ExtractMapping) -> bool:
    is_wanted = all(row.text(x) in texts for x, texts in mapping.only.items())
    return is_wanted and not any(
        row.text(x) in texts for x, texts in mapping.without.items()
    )
