"""The table on a sheet: which column is which field, and the rows with anything.

Sheets and columns whose name begins with Note belong to the person: they are not read.
What else is not known is a mistake, so that nothing is dropped in silence.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace

from models.mistakes import Mistake
from service.case_tables.cells import Grid, Value, position
from service.case_tables.forms import Form
from service.case_tables.layout import NUMBER, CaseColumn, Sheet, Way
from service.case_tables.places import TOLD
from service.variants.changing import nearest

OWN = "note"
YOURS = "a name that begins with Note is yours"
MERGED = "cells of their own: only the first of merged ones has a value"
Cells = Mapping[int, Value]  # of a row, by column


@dataclass(frozen=True, slots=True)
class Table:
    """The columns of a sheet by place, its rows by number, required columns it lacks.

    Rows that have numbers of their own are in the order of these.
    """

    form: Form
    name: str
    columns: Mapping[int, CaseColumn]
    rows: tuple[tuple[int, Cells], ...]
    missing: tuple[CaseColumn, ...]

    @property
    def places(self) -> dict[str, int]:
        """The places of columns, by the names of their fields."""
        return {column.name: at for at, column in self.columns.items()}

    def values(self, cells: Cells) -> dict[Way, object]:
        """Return what a row has; a column that is missing was told of already."""
        found: dict[Way, object] = {
            column.way: self.form.value(cells[at], column, self.name)
            for at, column in self.columns.items()
            if at in cells
        }
        return found | dict.fromkeys((column.way for column in self.missing), TOLD)

    def in_order(self) -> "Table":
        """Return the table with its rows by their numbers; those without come last."""
        return replace(self, rows=tuple(sorted(self.rows, key=self._number)))

    def _number(self, row: tuple[int, Cells]) -> float:
        found = self.values(row[1]).get((NUMBER,))
        return found if isinstance(found, int | float) else float("inf")


def table_on(sheet: Sheet, grid: Grid, form: Form, mistakes: list[Mistake]) -> Table:
    """Return the table on a sheet; add what is wrong with its form to the mistakes."""
    columns, own = _headed(sheet, grid, form, mistakes)
    mistakes += merged_on(grid, form, own)
    mistakes += _without_heading(grid, form, columns, own)
    rows = [
        (row, cells)
        for row, cells in sorted(grid.rows.items())
        if row > 0 and cells.keys() & columns.keys()
    ]
    there = {column.way for column in columns.values()}
    missing = [x for x in sheet.all_columns if x.is_required and x.way not in there]
    if rows and missing:
        found = f"without {', '.join(column.heading for column in missing)}"
        place = form.row(sheet.name, 0)
        mistakes.append(Mistake(place, found, "a heading for what each row must have"))
    table = Table(form, sheet.name, columns, tuple(rows), tuple(missing))
    return table.in_order() if sheet.key == NUMBER else table


def merged_on(
    grid: Grid, form: Form, own: frozenset[int] = frozenset()
) -> Iterator[Mistake]:
    """Yield a mistake for each merged cell, but for those of a person's own columns."""
    for merged in grid.merged:
        first = position(merged.partition(":")[0])
        if first is None or first[1] not in own:
            place = f"{form.table(grid.name)}, cells {merged}"
            yield Mistake(place, "merged", MERGED)


def is_own(name: str) -> bool:
    """Say whether a sheet or a column is the person's, and not of the case."""
    return name.strip().casefold().startswith(OWN)


def as_line(cell: Value | None) -> str:
    """Return a cell as one line of text."""
    if isinstance(cell, float) and cell.is_integer():
        return str(int(cell))
    return " ".join(str("" if cell is None else cell).split())


def _headed(
    sheet: Sheet, grid: Grid, form: Form, mistakes: list[Mistake]
) -> tuple[dict[int, CaseColumn], frozenset[int]]:
    """Return the columns by place, and the places of those that are not read."""
    known = {
        name.casefold(): column
        for column in sheet.all_columns
        for name in (column.name, column.heading)
    }
    columns: dict[int, CaseColumn] = {}
    own: set[int] = set()
    for at, cell in sorted(grid.rows.get(0, {}).items()):
        heading = as_line(cell)
        column = known.get(heading.casefold())
        if column is not None and column not in columns.values():
            columns[at] = column
            continue
        own.add(at)
        if not is_own(heading):
            headings = [x.heading for x in sheet.all_columns]
            expected = f"one of the headings {nearest(heading, headings)}; {YOURS}"
            place = form.cell(sheet.name, 0, at)
            expected = expected if column is None else "each heading once"
            mistakes.append(Mistake(place, heading, expected))
    return columns, frozenset(own)


def _without_heading(
    grid: Grid, form: Form, columns: Mapping[int, CaseColumn], own: frozenset[int]
) -> Iterator[Mistake]:
    """Yield the first cell of each column that has no heading."""
    told = set(own)
    for row, cells in sorted(grid.rows.items()):
        for at in sorted(cells.keys() - columns.keys() - told):
            told.add(at)
            place = form.cell(grid.name, row, at)
            found = as_line(cells[at])
            yield Mistake(place, found, "nothing, or a heading above it in row 1")
