"""A case as a workbook that a person can edit; the same bytes each time.

Headings are frozen and have comments. Cells with words to choose from, or names of
other parts, have drop-downs; cells of numbers and dates take nothing else.
"""

import datetime as dt
import json
from collections.abc import Callable, Iterator
from functools import partial
from io import BytesIO

import xlsxwriter
from xlsxwriter.utility import xl_rowcol_to_cell

from models.content import canonical_json
from models.instance import Instance
from models.mistakes import Mistake
from models.reading import InvalidCaseError
from service.case_tables.layout import (
    CASE,
    CONTENTS,
    FIGURE_COLUMNS,
    ID,
    LONGEST_NAME,
    CaseColumn,
    Sheet,
    Way,
    layout,
)
from service.case_tables.parts import Content, cell_of, parts_of
from service.workbook.pages import NARROWEST, WIDEST, SheetPage, formats_of
from service.workbook.rules import Rule, bounds_in_words, rule_of

LISTED_COLUMNS = ("sheet", "rows", "what is on it")
MOST_ROWS = 1_048_575  # below the heading
FREE_ROWS = 1_000  # below the last row, with the same drop-downs and bounds
EARLIEST = dt.datetime(1980, 1, 1, tzinfo=dt.UTC)
GREY = "#C0C0C0"
GUIDE = """\
Change what you like, and read the file with any command that takes a case.
A dark heading is of what each row must have. Point at a heading to read its meaning.
Rows that belong to another, as lines of a bill do, name it in the first columns.
Several words or numbers in a cell are parted by semicolons; such numbers have a point.
In a column of sources each line is a field, a colon and where its figure is from.
An empty cell means the default. A hyphen is an empty list, "" an empty text.
Hidden rows and sheets count. Sheets and columns whose name begins with Note are yours.
"""


def case_as_workbook(case: Instance) -> bytes:
    """Return a case as an Excel workbook.

    Raises InvalidCaseError with every text that is too long for a cell, and every list
    that is too long for a sheet.
    """
    return content_as_workbook(json.loads(canonical_json(case)))


def content_as_workbook(content: Content) -> bytes:
    """Return the content of a case, as its canonical JSON has it, as a workbook."""
    file = BytesIO()
    book = xlsxwriter.Workbook(file, {"in_memory": True})
    # Else the file would say when it was made.
    book.set_properties({"created": EARLIEST.replace(tzinfo=None)})
    formats, mistakes = formats_of(book), list[Mistake]()
    writer = _Writer(content)
    for name, write in writer.pages():
        write(SheetPage(book.add_worksheet(name), formats, mistakes))
    book.close()
    if mistakes:
        raise InvalidCaseError(mistakes)
    return file.getvalue()


class _Writer:
    """Writes the pages of one case."""

    def __init__(self, content: Content) -> None:
        self._content = content
        self._rows = {x.way: list(parts_of(x, content)) for x in layout().sheets}

    def pages(self) -> Iterator[tuple[str, Callable[[SheetPage], None]]]:
        """Yield the name of each page and the function that writes it."""
        yield CONTENTS, self._contents
        yield CASE, self._figures
        for sheet in layout().sheets:
            yield sheet.name, partial(self._list, sheet)

    def _contents(self, page: SheetPage) -> None:
        title = str(self._content.get("name", ""))[:WIDEST]
        page.sheet.write_string(0, 0, title, page.formats.title)
        guide = GUIDE.splitlines()
        for row, line in enumerate(guide, start=1):
            page.sheet.write_string(row, 0, line)
        top = len(guide) + 2
        page.headings(top, [(x, "") for x in LISTED_COLUMNS])
        listed = [(CASE, len(layout().figures), "All that is in no list.")]
        listed += [(x.name, len(self._rows[x.way]), x.text) for x in layout().sheets]
        for row, (name, number, text) in enumerate(listed, start=top + 1):
            page.sheet.write_url(row, 0, f"internal:'{name}'!A1", string=name)
            page.sheet.write_number(row, 1, number)
            page.text(row, 2, text)
        page.widths((LONGEST_NAME, NARROWEST, 2 * WIDEST))

    def _figures(self, page: SheetPage) -> None:
        page.headings(0, [(x, "") for x in FIGURE_COLUMNS])
        page.widths((WIDEST, WIDEST, 2 * WIDEST))
        for row, column in enumerate(layout().figures, start=1):
            page.heading(row, 0, column.heading, is_required=column.is_required)
            page.cell(row, 1, cell_of(self._content, column), column, "case")
            page.text(row, 2, _meaning(column))
            page.rule(row, row, 1, self._rule(column, row, 1))
        page.sheet.freeze_panes(1, 1)

    def _list(self, sheet: Sheet, page: SheetPage) -> None:
        columns, rows = sheet.all_columns, self._rows[sheet.way]
        path = ".".join(sheet.way)
        if len(rows) > MOST_ROWS:
            expected = f"at most {MOST_ROWS:,} on a sheet"
            page.mistakes.append(Mistake(path, f"{len(rows):,} rows", expected))
            return
        required = [at for at, column in enumerate(columns) if column.is_required]
        page.headings(0, [(x.heading, _meaning(x)) for x in columns], required)
        for at, column in enumerate(columns):
            cells = [part.of(column) for part in rows]
            page.column(at, column, cells)
            for row, cell in enumerate(cells, start=1):
                page.cell(row, at, cell, column, f"{path}[{row - 1}]")
            page.rule(1, len(rows) + FREE_ROWS, at, self._rule(column, 1, at))
        page.sheet.freeze_panes(1, len(sheet.around) + (sheet.key is not None))
        if rows:
            page.sheet.autofilter(0, 0, len(rows), len(columns) - 1)
        else:
            page.sheet.set_tab_color(GREY)

    def _rule(self, column: CaseColumn, row: int, at: int) -> Rule | None:
        return rule_of(column, xl_rowcol_to_cell(row, at), self._names)

    def _names(self, way: Way) -> str:
        """Return the range of the names of a list, for a drop-down."""
        sheet = layout().named(way)
        at = next(i for i, x in enumerate(sheet.all_columns) if x.way == (ID,))
        first = xl_rowcol_to_cell(1, at, row_abs=True, col_abs=True)
        end = len(self._rows[way]) + FREE_ROWS
        last = xl_rowcol_to_cell(end, at, row_abs=True, col_abs=True)
        return f"='{sheet.name}'!{first}:{last}"


def _meaning(column: CaseColumn) -> str:
    """Return what a column means, what it may have, and whether it must."""
    text, bounds = column.text.strip(), bounds_in_words(column.values)
    words = ", ".join(column.values.choices)
    sentences = (
        text if text.endswith(".") or not text else f"{text}.",
        f"One of: {words}." if words else "",
        f"{bounds[:1].upper()}{bounds[1:]}." if bounds else "",
        "Required." if column.is_required else "",
    )
    return " ".join(sentence for sentence in sentences if sentence)
