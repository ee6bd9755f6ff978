"""The sheets of a workbook as its file has them, hidden ones too."""

import datetime as dt
import re
from collections.abc import Iterator

from service.case_tables.cells import BLANK, Grid, Trouble, Value, date_of, position
from service.files.text import fault
from service.workbook.package import (
    WANTED,
    Attributes,
    Events,
    Package,
    opened_package,
)

MOST_CELLS = 500_000
NO_VALUE = Trouble(
    "a formula without its value",
    "a value: a spreadsheet computes it when it opens and saves the file",
)
# Formats that the file need not spell out, as ECMA-376 numbers them.
DATE_FORMATS = frozenset(
    {*range(14, 23), *range(27, 37), *range(45, 48), *range(50, 59)}
)
_FIRST_SERIAL = 61  # of 1 March 1900: before it, there is a day that never was
_ESCAPED = re.compile("_x([0-9A-Fa-f]{4})_")
_NO_CODE = re.compile(r'"[^"]*"|\[[^\]]*\]|\\.|_.|\*.')
_OF_DATES = re.compile("[dmyhs]", re.IGNORECASE)


def grids_of(content: bytes, source: str) -> list[Grid]:
    """Return the sheets of a workbook, hidden ones too, without those of charts.

    Raises InvalidCaseError if it is none, or larger than a case can be.
    """
    package = opened_package(content, source)
    related = package.related("")
    book = next(
        (path for kind, path in related.values() if kind == "officeDocument"), ""
    )
    if book not in package.names:
        raise fault(source, "a file without a workbook", WANTED)
    reader = _Book(package, book)
    return list(reader.grids())


class _Book:
    """Reads the sheets of one workbook."""

    def __init__(self, package: Package, part: str) -> None:
        self._package = package
        self._related = package.related(part)
        self._sheets: list[tuple[str, str]] = []
        self._counts_from_1904 = False
        self._cells = 0
        package.parse(part, Events(self._of_book))
        self._texts = _texts(package, self._of_kind("sharedStrings"))
        self._styles = _date_styles(package, self._of_kind("styles"))

    def grids(self) -> Iterator[Grid]:
        """Yield the cells of each sheet."""
        for name, at in self._sheets:
            kind, part = self._related.get(at, ("", ""))
            if kind == "worksheet":
                reader = _Sheet(name, self)
                self._package.parse(part, Events(reader.start, reader.end, reader.text))
                yield reader.grid

    def text(self, written: str) -> str:
        """Return a text of the table of texts."""
        number = int(written) if written.isdecimal() else -1
        if not 0 <= number < len(self._texts):
            raise fault(self._package.source, "a cell without its text", "a whole file")
        return self._texts[number]

    def number(self, written: str, style: str) -> float | dt.datetime | Trouble:
        """Return a number, or the time that it stands for in a cell of times."""
        try:
            number = float(written)
        except ValueError:
            return Trouble(repr(written[:80]))
        if style not in self._styles or not number >= _FIRST_SERIAL:
            return number
        return date_of(number, counts_from_1904=self._counts_from_1904) or number

    def count(self) -> None:
        """Count a cell; raise InvalidCaseError if there are too many."""
        self._cells += 1
        if self._cells > MOST_CELLS:
            found = f"a workbook of more than {MOST_CELLS:,} cells"
            raise fault(self._package.source, found, "no more")

    def _of_book(self, element: str, attributes: Attributes) -> None:
        if element == "workbookPr":
            self._counts_from_1904 = attributes.get("date1904") in {"1", "true"}
        elif element == "sheet":
            self._sheets.append((attributes.get("name", ""), attributes.get("id", "")))

    def _of_kind(self, wanted: str) -> str | None:
        found = (path for kind, path in self._related.values() if kind == wanted)
        return next((path for path in found if path in self._package.names), None)


class _Sheet:
    """Gathers the cells of one sheet from the events of a parser."""

    def __init__(self, name: str, book: _Book) -> None:
        self.grid = Grid(name)
        self._book = book
        self._row = self._column = -1
        self._attributes: Attributes = {}
        self._has_formula = False
        self._is_phonetic = False
        self._pieces: list[str] | None = None
        self._is_wanted = False

    def start(self, element: str, attributes: Attributes) -> None:
        """Take the start of an element."""
        match element:
            case "row":
                number = attributes.get("r", "")
                self._row = int(number) - 1 if number.isdecimal() else self._row + 1
                self._column = -1
            case "c":
                at = position(attributes.get("r", "")) or (self._row, self._column + 1)
                self._row, self._column = at
                self._attributes = attributes
                self._has_formula, self._pieces = False, None
            case "f":
                self._has_formula = True
            case "rPh":
                self._is_phonetic = True
            case "v" | "t" if not self._is_phonetic:
                self._is_wanted = True
                self._pieces = self._pieces or []
            case "mergeCell":
                self.grid.merged.append(attributes.get("ref", ""))
            case _:
                pass

    def end(self, element: str) -> None:
        """Take the end of an element."""
        match element:
            case "v" | "t":
                self._is_wanted = False
            case "rPh":
                self._is_phonetic = False
            case "c":
                value = self._value()
                if value is not None:
                    self._book.count()
                    self.grid.rows.setdefault(self._row, {})[self._column] = value
            case _:
                pass

    def text(self, text: str) -> None:
        """Take text of an element."""
        if self._is_wanted and self._pieces is not None:
            self._pieces.append(text)

    def _value(self) -> Value | None:
        """Return what the cell that ends has; None if it is empty."""
        written, kind = "".join(self._pieces or ()), self._attributes.get("t", "n")
        if not written:
            is_text = kind == "str" and self._pieces is not None
            return NO_VALUE if self._has_formula and not is_text else None
        match kind:
            case "s":
                value = self._book.text(written)
            case "str" | "inlineStr":
                value = _unescaped(written)
            case "b":
                return written in {"1", "true"}
            case "e":
                return Trouble(f"an error of a formula ({written})")
            case "d":
                return _time(written)
            case _:
                return self._book.number(written, self._attributes.get("s", "0"))
        return value if value.strip(BLANK) else None


def _time(written: str) -> dt.datetime | Trouble:
    try:
        return dt.datetime.fromisoformat(written).replace(tzinfo=None)
    except ValueError:
        return Trouble(repr(written[:80]))


def _texts(package: Package, part: str | None) -> list[str]:
    """Return the table of texts, those of several fonts as one."""
    found: list[str] = []
    pieces: list[str] = []
    inside: list[str] = []

    def start(element: str, _: Attributes) -> None:
        inside.append(element)

    def end(element: str) -> None:
        inside.pop()
        if element == "si":
            found.append(_unescaped("".join(pieces)))
            pieces.clear()

    def text(piece: str) -> None:
        if inside[-1] == "t" and "rPh" not in inside:
            pieces.append(piece)

    if part is not None:
        package.parse(part, Events(start, end, text))
    return found


def _date_styles(package: Package, part: str | None) -> frozenset[str]:
    """Return the numbers of the styles that show a number as a date or time."""
    dates = {str(number) for number in DATE_FORMATS}
    styles: list[str] = []
    inside: list[str] = []

    def start(element: str, attributes: Attributes) -> None:
        number = attributes.get("numFmtId", "")
        if element == "numFmt":
            code = _NO_CODE.sub("", attributes.get("formatCode", ""))
            is_date = _OF_DATES.search(code) is not None and code.lower() != "general"
            (dates.add if is_date else dates.discard)(number)
        elif element == "xf" and inside[-1] == "cellXfs":
            styles.append(number)
        inside.append(element)

    def end(_: str) -> None:
        inside.pop()

    if part is not None:
        package.parse(part, Events(start, end))
    return frozenset(str(i) for i, number in enumerate(styles) if number in dates)


def _unescaped(text: str) -> str:
    """Return text with the characters that XML cannot have, which files spell out."""
    return _ESCAPED.sub(lambda found: chr(int(found[1], 16)), text)
