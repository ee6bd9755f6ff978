"""The cells of a CSV file, and what is wrong with its form."""

import csv
import io
import re
from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from models.mistakes import Mistake
from service.case_tables.cells import BLANK, Grid, letters
from service.case_tables.layout import SOURCES
from service.csv_folder.conventions import FILE, SEPARATORS, Conventions
from service.files.text import fault

MOST_CELLS = 500_000
MOST_CHARACTERS = 131_072  # of a cell
ROWS_OF_A_BLOCK = 16  # in which Excel leaves empty cells at the end out
_OPENING = re.compile(r"sep=(.)\r?\n", re.IGNORECASE)  # Excel begins files so
UNCLOSED = (
    "a quotation mark at each end of a cell that has one or a separator, and two for "
    "each inside"
)
LAST_OF_FEW = 2  # column: with so few, text may look like rows
_NAMES = {sign: name for name, sign in SEPARATORS.items()}


@dataclass(frozen=True, slots=True)
class CsvTable:
    """What a file has: cells from row 0, the headings, mistakes of form.

    `first_row` is the row of the headings in the file, counted from 0.
    """

    grid: Grid
    first_row: int
    mistakes: tuple[Mistake, ...]

    def heading(self, column: int) -> str:
        """Return the heading of a column; none if empty."""
        return str(self.grid.rows.get(0, {}).get(column, ""))


def csv_table(
    name: str, text: str, known: frozenset[str], conventions: Conventions, source: str
) -> CsvTable:
    """Return the cells of a file; `known` are headings that it may have, in lower case.

    Raises InvalidCaseError if its separator or its quotation marks are not clear.
    """
    first_row, opening = 0, _OPENING.match(text)
    if opening is not None:
        first_row, text = 1, text[opening.end() :]
    said = _said(conventions, opening)
    separator = _separator(text, known, said, source)
    grid, lengths, number = Grid(name), dict[int, int](), 0
    for row, record in enumerate(_records(text, separator, first_row, source)):
        cells = {at: cell for at, cell in enumerate(record) if cell.strip(BLANK)}
        if cells:
            grid.rows[row] = dict(cells)
            lengths[row] = len(record)
            number += len(cells)
            if number > MOST_CELLS:
                found = f"a file of more than {MOST_CELLS:,} cells"
                raise fault(source, found, "no more")
    mistakes = [*_short_rows(lengths, first_row, source)]
    mistakes += _swallowed_rows(grid, separator, known, f"{source}, row", first_row)
    return CsvTable(grid, first_row, tuple(mistakes))


def _said(
    conventions: Conventions, opening: re.Match[str] | None
) -> tuple[str, str] | None:
    """Return what parts cells and who says so; None if nobody does."""
    if opening is not None:
        return opening[1], "its first row says"
    if conventions.separator is None:
        return None
    return SEPARATORS[conventions.separator], f"{FILE} says"


def _separator(
    text: str, known: frozenset[str], said: tuple[str, str] | None, source: str
) -> str:
    """Return what parts the cells of a file: the sign that parts its headings."""
    found = {x: _number_of_headings(text, x, known) for x in SEPARATORS.values()}
    best = max(found, key=lambda sign: found[sign])
    if said is None:
        return best
    sign, teller = said
    if found.get(sign, 0) < found[best]:
        place = f"{source}, separator"
        raise fault(place, _NAMES[best], f"{_NAMES.get(sign, sign)}, as {teller}")
    return sign


def _number_of_headings(text: str, separator: str, known: frozenset[str]) -> int:
    records = csv.reader(io.StringIO(text, newline=""), delimiter=separator)
    try:
        first = next(records)
    except (StopIteration, csv.Error):
        return 0
    return len({" ".join(cell.split()).casefold() for cell in first} & known)


def _records(
    text: str, separator: str, first_row: int, source: str
) -> Iterator[Sequence[str]]:
    lines = io.StringIO(text, newline="")
    records = csv.reader(lines, delimiter=separator, strict=True)
    row = first_row
    while True:
        try:
            record = next(records)
        except StopIteration:
            return
        except csv.Error as error:
            place, found = f"{source}, row {row + 1}", f"a cell without end ({error})"
            raise fault(place, found, UNCLOSED) from None
        row += 1
        yield record


def _swallowed_rows(
    grid: Grid, separator: str, known: frozenset[str], source: str, first_row: int
) -> Iterator[Mistake]:
    """Yield cells that hold rows, from a quotation mark to the next one in the file."""
    headings = grid.rows.get(0, {})
    last = max(headings, default=0)
    for row, cells in grid.rows.items():
        for at, cell in cells.items():
            lines = str(cell).splitlines()
            if len(lines) == 1 or str(headings.get(at)).casefold() == SOURCES:
                continue
            counts = [line.count(separator) for line in lines]
            has_rows = counts == [last - at, *[last] * (len(lines) - 2), at]
            names = {x.partition(separator)[0].casefold() for x in lines[1:]}
            if has_rows and (last > LAST_OF_FEW or names & known):
                place = f"{source} {row + first_row + 1}, column {letters(at)}"
                yield Mistake(place, cell, f"text without rows in it: {UNCLOSED}")


def _short_rows(
    lengths: dict[int, int], first_row: int, source: str
) -> Iterator[Mistake]:
    """Yield rows with fewer cells than headings, but for those that Excel cuts.

    It leaves the last columns out where they are empty in all rows of a block.
    """
    wanted = lengths.get(0, 0)
    blocks: dict[int, set[int]] = defaultdict(set)
    for row, length in lengths.items():
        blocks[(row + first_row) // ROWS_OF_A_BLOCK].add(length)
    for row, length in lengths.items():
        block = (row + first_row) // ROWS_OF_A_BLOCK
        if length < wanted and (block == 0 or len(blocks[block]) > 1):
            place = f"{source}, row {row + first_row + 1}"
            expected = f"{wanted}, as many as headings"
            yield Mistake(place, f"{length} cells", expected)
