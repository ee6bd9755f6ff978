"""A page of a workbook that is being written: headings, cells, drop-downs and bounds.

Numbers are written with all digits, dates as dates, and text as text: no cell is a
formula or a link, whatever it begins with.
"""

import datetime as dt
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from models.mistakes import Mistake
from service.case_tables.kinds import CellKind
from service.case_tables.layout import CaseColumn
from service.case_tables.parts import Cell
from service.workbook.rules import Rule

MOST_CHARACTERS = 32_767  # of a cell
NARROWEST, WIDEST = 10, 44  # of a column, characters
FIRST_DAY = "1900-03-01"  # before it, spreadsheets count a day that never was
LARGEST_EXACT = 2**53  # larger whole numbers would lose digits
HEADING = {"bold": True, "text_wrap": True, "valign": "top", "border": 1}


class _Exact(float):
    """A number that is written with all its digits; the library writes 16."""

    def __format__(self, _: str) -> str:
        return repr(float(self))


@dataclass(frozen=True, slots=True)
class Formats:
    """How cells look."""

    optional: Any
    required: Any
    title: Any
    text: Any
    day: Any
    wrapped: Any


def formats_of(book: Any) -> Formats:  # noqa: ANN401 - the library has no types
    """Return the formats of a workbook."""
    return Formats(
        optional=book.add_format({**HEADING, "bg_color": "#DDE5EC"}),
        required=book.add_format({**HEADING, "bg_color": "#A9BCCB"}),
        title=book.add_format({"bold": True, "font_size": 14}),
        text=book.add_format({"num_format": "@"}),
        day=book.add_format({"num_format": "yyyy-mm-dd"}),
        wrapped=book.add_format({"text_wrap": True, "valign": "top"}),
    )


@dataclass(frozen=True, slots=True)
class SheetPage:
    """Writes one sheet; gathers texts that no cell can hold."""

    sheet: Any
    formats: Formats
    mistakes: list[Mistake]

    def headings(
        self, row: int, told: Iterable[tuple[str, str]], required: Collection[int] = ()
    ) -> None:
        """Write headings with their comments; those of required columns are darker."""
        for at, (heading, comment) in enumerate(told):
            self.heading(row, at, heading, is_required=at in required)
            if comment:
                height = 20 * (2 + len(comment) // 40)
                size = {"width": 300, "height": height}
                self.sheet.write_comment(row, at, comment, size)

    def heading(self, row: int, at: int, text: str, *, is_required: bool) -> None:
        """Write a heading."""
        mark = self.formats.required if is_required else self.formats.optional
        self.sheet.write_string(row, at, text, mark)

    def text(self, row: int, at: int, text: str) -> None:
        """Write text of several lines."""
        self.sheet.write_string(row, at, text, self.formats.wrapped)

    def widths(self, widths: Sequence[int]) -> None:
        """Set the widths of the first columns, in characters."""
        for at, width in enumerate(widths):
            self.sheet.set_column(at, at, width)

    def column(self, at: int, column: CaseColumn, cells: Sequence[Cell]) -> None:
        """Make a column as wide as what is in it, and keep text as it is entered."""
        longest = max(map(_width, [column.heading, *cells]))
        width = min(max(longest, NARROWEST), WIDEST) + 1
        self.sheet.set_column(
            at, at, width, self.formats.text if column.is_text else None
        )

    def cell(
        self, row: int, at: int, cell: Cell, column: CaseColumn, path: str
    ) -> None:
        """Write what a part has in a column; `path` is that of the part."""
        if cell is None:
            return
        if isinstance(cell, int | float) and abs(cell) <= LARGEST_EXACT:
            exact = _Exact(cell) if isinstance(cell, float) else cell
            self.sheet.write_number(row, at, exact)
            return
        text = str(cell)
        if len(text) > MOST_CHARACTERS:
            found = f"{len(text):,} characters"
            expected = f"at most {MOST_CHARACTERS:,} in a cell (YAML has no limit)"
            self.mistakes.append(Mistake(f"{path}.{column.name}", found, expected))
        elif column.values.kind is CellKind.DAY and text >= FIRST_DAY:
            day = dt.date.fromisoformat(text)
            self.sheet.write_datetime(row, at, day, self.formats.day)
        else:
            # Never write: it takes text that begins with = for a formula.
            self.sheet.write_string(row, at, text, self.formats.text)

    def rule(self, first: int, last: int, at: int, rule: Rule | None) -> None:
        """Let people enter only what a rule says, in some rows of a column."""
        if rule is not None:
            self.sheet.data_validation(first, at, last, at, rule)


def _width(cell: Cell) -> int:
    return 0 if cell is None else len(str(cell).partition("\n")[0])
