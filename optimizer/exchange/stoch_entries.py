"""Data lines of a stoch file: which entries of the core they set, and to what."""

from dataclasses import dataclass, field

from optimizer.exchange.core_file import pairs
from optimizer.exchange.smps_lines import SmpsLine, SmpsText
from optimizer.exchange.targets import (
    BOUNDS,
    COST,
    MATRIX,
    PLACES,
    RIGHT_HAND_SIDE,
    Targets,
    bound_values,
    finite_or_infinite,
)

Entries = dict[int, float]
WITHOUT_VALUE = {"FR", "MI", "PL"}
USUAL_RIGHT_HAND_SIDES = {"RHS", "RHS1", "RIGHT"}


@dataclass(slots=True)
class EntryReader:
    """From the words of a line to entries, by the modifier of the section."""

    text: SmpsText
    targets: Targets
    modifier: str = "REPLACE"
    right_hand_sides: set[str] = field(default_factory=set[str])

    def __post_init__(self) -> None:
        outline = self.targets.core.outline
        names = outline.right_hand_sides or USUAL_RIGHT_HAND_SIDES
        self.right_hand_sides = {name.upper() for name in names}

    def read(self, record: SmpsLine, words: tuple[str, ...]) -> Entries:
        """Return the entries of some words of a line; mistakes are noted."""
        code = words[0].upper() if words else ""
        if code in BOUNDS:
            return self._bounds(record, code, words[1:])
        entries: Entries = {}
        if len(words) % 2 == 0:
            expected = "a column or right-hand side, then rows and values"
            self.text.wrong(record.line, " ".join(words), expected)
            return entries
        for row, value in pairs(words[1:]):
            place = self._place(record, words[0], row)
            if place is not None:
                self._set(record, entries, place, self.text.number(record.line, value))
        return entries

    def _bounds(self, record: SmpsLine, code: str, words: tuple[str, ...]) -> Entries:
        """Read `set column value`; the place of a name tells a column from a set."""
        entries: Entries = {}
        number_of_words = 2 if code in WITHOUT_VALUE else 3
        if len(words) < number_of_words:
            expected = "a bound's type, its set, a column and a value"
            self.text.wrong(record.line, " ".join(record.words), expected)
            return entries
        column = self.targets.core.column.get(words[1])
        if column is None:
            self.text.wrong(record.line, words[1], "a column of the core")
            return entries
        is_free = code in WITHOUT_VALUE
        value = 0.0 if is_free else self.text.number(record.line, words[2])
        for kind, bound in bound_values(code, value):
            self._set(record, entries, (kind, 0, column), bound)
        return entries

    def _place(
        self, record: SmpsLine, name: str, row: str
    ) -> tuple[int, int, int] | None:
        """Return what a name and a row stand for, or None and a mistake."""
        core = self.targets.core
        column, i = core.column.get(name), core.row.get(row)
        is_objective = row == core.outline.objective
        if i is None and not is_objective:
            self.text.wrong(record.line, row, "a row of the core")
        elif column is not None:
            return (COST, 0, column) if i is None else (MATRIX, i, column)
        elif name.upper() not in self.right_hand_sides:
            known = ", ".join(sorted(self.right_hand_sides))
            expected = f"a column of the core, or a right-hand side ({known})"
            self.text.wrong(record.line, name, expected)
        elif i is None:
            expected = "no constant of the objective that depends on the scenario"
            self.text.wrong(record.line, row, expected)
        else:
            return (RIGHT_HAND_SIDE, i, 0)
        return None

    def _set(
        self,
        record: SmpsLine,
        entries: Entries,
        place: tuple[int, int, int],
        value: float,
    ) -> None:
        code = self.targets.code(*place)
        if not self.targets.is_second_stage(*place):
            expected = "an entry of the second period"
            what = f"{PLACES[place[0]]} of the first period"
            self.text.wrong(record.line, what, expected)
            return
        if self.modifier == "ADD":
            value += self.targets.value(code)
        elif self.modifier == "MULTIPLY":
            value *= self.targets.value(code)
        entries[code] = finite_or_infinite(value)
