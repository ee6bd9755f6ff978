"""Data lines of a stoch file: which entries of the core they set, and to what."""

from collections.abc import Iterator
from dataclasses import dataclass, field

from optimizer.exchange.core_outline import pairs
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
WORDS_OF_AN_ENTRY = 3
WITHOUT_VALUE = {"FR", "MI", "PL", "BV"}
USUAL_RIGHT_HAND_SIDES = {"B", "RHS", "RHS1", "RIGHT"}


@dataclass(slots=True)
class EntryReader:
    """From the words of a line to entries, by the modifier of the section."""

    text: SmpsText
    targets: Targets
    modifier: str = "REPLACE"
    right_hand_sides: set[str] = field(default_factory=set[str])
    named: set[str] = field(default_factory=set[str])
    notes: list[str] = field(default_factory=list[str])

    def __post_init__(self) -> None:
        """Take the core's names, the usual ones, or the only other one there is."""
        own = {name.upper() for name in self.targets.core.outline.right_hand_sides}
        used = {name.upper() for name in self._names_without_column()}
        others = used - own - USUAL_RIGHT_HAND_SIDES
        if len(others) == 1 and used == others:
            self.right_hand_sides = others
            known = ", ".join(sorted(own)) or "without a name"
            self.notes.append(
                f"{next(iter(others))} in the stoch file is read as the right-hand "
                f"side, which the core has as {known}"
            )
        else:
            self.right_hand_sides = own | USUAL_RIGHT_HAND_SIDES
            self.named = own or USUAL_RIGHT_HAND_SIDES

    def _names_without_column(self) -> Iterator[str]:
        """Yield the first word of each line that has a row as its second one."""
        core = self.targets.core
        for record in self.text.lines():
            if record.is_header or len(record.words) < WORDS_OF_AN_ENTRY:
                continue
            name, row = record.words[:2]
            if row in core.row and name not in core.column:
                yield name

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
                is_side = place[0] == RIGHT_HAND_SIDE
                read = self.text.number if is_side else self.text.finite
                self._set(record, entries, place, read(record.line, value))
        return entries

    def _bounds(self, record: SmpsLine, code: str, words: tuple[str, ...]) -> Entries:
        """Read `set column value`; the place of a name tells a column from a set."""
        entries: Entries = {}
        is_free, known = code in WITHOUT_VALUE, self.targets.core.column
        if len(words) == (1 if is_free else 2) and words[0] in known:
            words = ("", *words)
        if len(words) < (2 if is_free else 3):
            expected = "a bound's type, its set, a column and a value"
            self.text.wrong(record.line, " ".join(record.words), expected)
            return entries
        column = known.get(words[1])
        if column is None:
            self.text.wrong(record.line, words[1], "a column of the core")
            return entries
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
            known = ", ".join(sorted(self.named or self.right_hand_sides))
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
