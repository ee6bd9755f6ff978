"""Where the parts of a case stand in a workbook, and mistakes with their cells."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field

from models.mistakes import Mistake
from service.workbook.cells import reference


@dataclass(frozen=True, slots=True)
class Unread:
    """In place of a value: what a cell has that is none, and what was expected."""

    found: object
    expected: str

    def __repr__(self) -> str:
        return str(self.found)


TOLD = Unread("told already", "")  # of a column that is not there


@dataclass(frozen=True, slots=True)
class PlacedRow:
    """The row of a part; columns, and sheets of lists inside, by names of fields."""

    sheet: str
    row: int
    columns: Mapping[str, int]
    inner: Mapping[str, str]

    def place(self, name: str) -> str:
        """Return the cell of a field, or the row if the sheet has no column for it."""
        here = f"Sheet {self.sheet}, row {self.row + 1}"
        if name in self.inner:
            return (
                f"Sheet {self.inner[name]}, what belongs to {here[0].lower()}{here[1:]}"
            )
        while name:
            if name in self.columns:
                at = reference(self.row, self.columns[name])
                return f"Sheet {self.sheet}, cell {at}"
            name = name.rpartition(".")[0]
        return here


@dataclass(slots=True)
class Places:
    """Rows by the path of their part; lists by their path; cells of single figures."""

    rows: dict[str, list[PlacedRow]] = field(default_factory=dict[str, list[PlacedRow]])
    sheets: dict[str, str] = field(default_factory=dict[str, str])
    figures: dict[str, str] = field(default_factory=dict[str, str])

    def add(self, path: str, row: PlacedRow) -> None:
        """Keep the row of a part; two may have one path, as they have one name."""
        self.rows.setdefault(path, []).append(row)

    def of(self, path: str) -> str:
        """Return where a path of a case leads in the workbook; the path if nowhere."""
        for end in _ends(path):
            before, rest = path[:end], path[end:].lstrip(".")
            if before in self.rows:
                field_name = rest.partition("[")[0]
                found = [row.place(field_name) for row in self.rows[before]]
                return " and ".join(dict.fromkeys(found))
            if before in self.figures:
                return self.figures[before]
            if before in self.sheets:
                return f"Sheet {self.sheets[before]}"
        return path

    def told(self, mistakes: Iterable[Mistake]) -> list[Mistake]:
        """Return mistakes with cells for paths, each once."""
        found: dict[tuple[str, str, str], Mistake] = {}
        for mistake in mistakes:
            place, value = self.of(mistake.path), mistake.value
            expected = mistake.expected
            if value is TOLD:
                continue
            if isinstance(value, Unread):
                value, expected = value.found, value.expected
            moved = Mistake(place, value, expected)
            found.setdefault((place, repr(value), expected), moved)
        return list(found.values())


def _ends(path: str) -> Iterator[int]:
    """Yield the ends of the beginnings of a path, the longest first."""
    yield len(path)
    for at in range(len(path) - 1, 0, -1):
        if path[at] in ".[":
            yield at
