"""Where the parts of a case stand in tables, and mistakes with their cells."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field

from models.mistakes import Mistake
from service.case_tables.forms import Form

MOST_NAMED = 5  # of the rows with one name


@dataclass(frozen=True, slots=True)
class Unread:
    """In place of a value: what a cell has that is none, and what was expected."""

    found: object
    expected: str
    told_once_for: object = None  # of those with the same, the first is told

    def __repr__(self) -> str:
        return str(self.found)


TOLD = Unread("told already", "")  # of a column that is not there


@dataclass(frozen=True, slots=True)
class PlacedRow:
    """The row of a part; columns, and sheets of lists inside, by names of fields."""

    form: Form
    sheet: str
    row: int
    columns: Mapping[str, int]
    inner: Mapping[str, str]

    def place(self, name: str) -> str:
        """Return the cell of a field, or the row if the sheet has no column for it."""
        if name in self.inner:
            outer = f"{self.form.noun} {self.form.title(self.sheet)}"
            here = self.form.table(self.inner[name])
            return f"{here}, what belongs to {outer}, row {self.row + 1}"
        while name:
            if name in self.columns:
                return self.form.cell(self.sheet, self.row, self.columns[name])
            name = name.rpartition(".")[0]
        return self.form.row(self.sheet, self.row)


@dataclass(slots=True)
class Places:
    """Rows by the path of their part; places of lists and of single figures."""

    rows: dict[str, list[PlacedRow]] = field(default_factory=dict[str, list[PlacedRow]])
    sheets: dict[str, str] = field(default_factory=dict[str, str])
    figures: dict[str, str] = field(default_factory=dict[str, str])

    def add(self, path: str, row: PlacedRow) -> None:
        """Keep the row of a part; two may have one path, as they have one name."""
        self.rows.setdefault(path, []).append(row)

    def of(self, path: str) -> str:
        """Return where a path of a case leads in the tables; the path if nowhere."""
        for end in _ends(path):
            before, rest = path[:end], path[end:].lstrip(".")
            if before in self.rows:
                field_name = rest.partition("[")[0]
                rows = self.rows[before]
                found = [row.place(field_name) for row in rows[:MOST_NAMED]]
                found += [f"{len(rows) - MOST_NAMED:,} more"] * (len(rows) > MOST_NAMED)
                return " and ".join(dict.fromkeys(found))
            if before in self.figures:
                return self.figures[before]
            if before in self.sheets:
                return self.sheets[before]
        return path

    def told(self, mistakes: Iterable[Mistake]) -> list[Mistake]:
        """Return mistakes with cells for paths, each once."""
        found: dict[object, Mistake] = {}
        for mistake in mistakes:
            place, value = self.of(mistake.path), mistake.value
            expected, once = mistake.expected, None
            if value == TOLD:
                continue
            if isinstance(value, Unread):
                value, expected, once = value.found, value.expected, value.told_once_for
            moved = Mistake(place, value, expected)
            found.setdefault(once or (place, repr(value), expected), moved)
        return list(found.values())


def _ends(path: str) -> Iterator[int]:
    """Yield the ends of the beginnings of a path, the longest first."""
    yield len(path)
    for at in range(len(path) - 1, 0, -1):
        if path[at] in ".[":
            yield at
