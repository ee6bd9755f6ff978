"""A case from a folder of CSV files, with every mistake by file, row and column."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path, PurePosixPath

from models.mistakes import Mistake
from models.reading import InvalidCaseError
from service.case_tables.cells import Grid, Value, letters
from service.case_tables.layout import (
    CASE,
    CONTENTS,
    FIGURE_COLUMNS,
    CaseColumn,
    layout,
)
from service.case_tables.places import Unread
from service.case_tables.reading import CaseReader
from service.case_tables.tables import is_own
from service.csv_folder.conventions import FILE, Conventions, read_conventions
from service.csv_folder.encodings import decoded
from service.csv_folder.grids import CsvTable, csv_table
from service.csv_folder.values import value_of_text
from service.files.text import fault, read_bytes

ENDING = ".csv"
ENDINGS = (ENDING, ".tsv", ".txt")
MOST_BYTES = 100_000_000
MOST_FILES = 1_000
_BETWEEN_WORDS = re.compile(r"[\s_-]+")


def file_name(name: str) -> str:
    """Return the file of a table."""
    return f"{_key(name)}{ENDING}"


@dataclass(slots=True)
class Files:
    """Tables as the files of a folder."""

    conventions: Conventions
    names: dict[str, str] = field(default_factory=dict[str, str])
    tables: dict[str, CsvTable] = field(default_factory=dict[str, CsvTable])
    noun: str = "file"
    origin: str = "strongroom csv CASE FOLDER writes them"

    def title(self, name: str) -> str:
        """Return the name of a file."""
        if name in self.names:
            return self.names[name]
        is_table = name in {CASE, *(sheet.name for sheet in layout().sheets)}
        return file_name(name) if is_table else name

    def table(self, name: str) -> str:
        """Return a file as a place."""
        return self.title(name)

    def row(self, name: str, row: int) -> str:
        """Return a row of a file as a place."""
        before = self.tables[name].first_row if name in self.tables else 0
        return f"{self.title(name)}, row {row + before + 1}"

    def cell(self, name: str, row: int, column: int) -> str:
        """Return a cell of a file as a place, with its heading."""
        heading = self.tables[name].heading(column) if row else ""
        called = f" ({heading})" if heading else ""
        return f"{self.row(name, row)}, column {letters(column)}{called}"

    def value(self, cell: Value, column: CaseColumn, name: str) -> object:
        """Return the value of a field, or Unread."""
        found = value_of_text(str(cell), column, self.conventions)
        if isinstance(found, Unread) and found.told_once_for is not None:
            once = (found.told_once_for, name, column.way)
            return replace(found, told_once_for=once)
        return found


def folder_reader(folder: Path) -> CaseReader:
    """Return the reader of a folder, which has read its files.

    Raises InvalidCaseError if they are too many or too large, or none is of a case.
    """
    return FolderReader(_files_in(folder)).read(str(folder))


class FolderReader:
    """Reads the files of one folder."""

    def __init__(self, files: Mapping[str, bytes]) -> None:
        self._files = files
        self._mistakes: list[Mistake] = []
        self._unreadable: set[str] = set()
        self._form = Files(self._conventions())
        self._sheets = {_key(x): x for x in (CASE, *(x.name for x in layout().sheets))}

    def read(self, source: str) -> CaseReader:
        """Return the reader of the tables, with the mistakes of all files."""
        grids = [
            grid
            for file, content in sorted(self._files.items())
            if (grid := self._grid(file, content)) is not None
        ]
        self._tell_missing()
        reader = CaseReader(self._form, self._unreadable)
        reader.mistakes += self._mistakes
        reader.read(grids, source)
        return reader

    def _conventions(self) -> Conventions:
        if FILE not in self._files:
            return Conventions()
        return read_conventions(self._files[FILE], FILE)

    def _grid(self, file: str, content: bytes) -> Grid | None:
        """Return the cells of a file; None if there are none, or it is no table."""
        path = PurePosixPath(file)
        name = self._sheets.get(_key(path.stem))
        if path.suffix.lower() not in ENDINGS:
            if name is not None:
                expected = f"{file_name(name)}: only its text is read here"
                self._mistakes.append(Mistake(file, f"a {path.suffix} file", expected))
            return None
        if is_own(file) or _key(path.stem) == _key(CONTENTS):
            return None
        if name is None:
            return Grid(file, {0: {0: file}}) if content.strip() else None
        if name in self._form.names:
            expected = f"one file of this table: {self._form.names[name]} is there too"
            self._mistakes.append(Mistake(file, "a second one", expected))
            return None
        self._form.names[name] = file
        return self._table(name, file, content)

    def _table(self, name: str, file: str, content: bytes) -> Grid | None:
        conventions = self._form.conventions
        try:
            text = decoded(content, conventions.encoding, file)
            table = csv_table(name, text, _known(name), conventions, file)
        except InvalidCaseError as error:
            self._mistakes += error.mistakes
            self._unreadable.add(name)
            return None
        self._form.tables[name] = table
        self._mistakes += table.mistakes
        return table.grid

    def _tell_missing(self) -> None:
        for file in self._form.conventions.files:
            name = self._sheets.get(_key(PurePosixPath(file).stem))
            if name is None:
                known = "the file of a table of a case"
                self._mistakes.append(Mistake(f"{FILE}, files", file, known))
            elif name not in self._form.names:
                expected = f"the file, or no line for it in {FILE}"
                self._mistakes.append(Mistake(file, "not there", expected))
                self._unreadable.add(name)


def _files_in(folder: Path) -> dict[str, bytes]:
    """Return the files of a folder, without hidden ones; only tables have a content."""
    paths = [x for x in sorted(folder.iterdir()) if x.is_file()]
    paths = [x for x in paths if not is_hidden(x.name)]
    if len(paths) > MOST_FILES:
        raise fault(str(folder), f"{len(paths):,} files", f"at most {MOST_FILES:,}")
    read = [x for x in paths if x.suffix.lower() in ENDINGS or x.name == FILE]
    size = sum(path.stat().st_size for path in read)
    if size > MOST_BYTES:
        found, expected = f"{size / 1e6:.1f} MB", f"at most {MOST_BYTES / 1e6:g} MB"
        raise fault(str(folder), found, expected)
    return {x.name: read_bytes(x) if x in read else b"" for x in paths}


def is_hidden(name: str) -> bool:
    """Say whether a file is one that systems keep beside those of people."""
    return name.startswith((".", "~"))


def _known(name: str) -> frozenset[str]:
    """Return the headings that a table may have, in lower case."""
    if name == CASE:
        figures = (figure.heading.casefold() for figure in layout().figures)
        return frozenset([*FIGURE_COLUMNS, *figures])
    sheet = next(sheet for sheet in layout().sheets if sheet.name == name)
    columns = sheet.all_columns
    return frozenset(x.casefold() for c in columns for x in (c.name, c.heading))


def _key(name: str) -> str:
    return _BETWEEN_WORDS.sub("_", name.strip().casefold())
