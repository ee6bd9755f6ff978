"""The lines of a core file: every mistake in them, and a copy that HiGHS reads.

HiGHS keeps neither the type of a row nor the names of the right-hand side, wants the
header of a section to be one word in capitals, and names no line of a mistake.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field

from optimizer.exchange.smps_lines import HEADERS, SmpsLine, SmpsText

WIDTH_OF_A_PAIR = 2
SECTIONS = HEADERS["core"]
ROW_TYPES = ("N", "E", "L", "G")
VALUED_BOUNDS = ("UP", "LO", "FX", "LI", "UI")
BARE_BOUNDS = ("FR", "MI", "PL", "BV")
MARKERS = ("INTORG", "INTEND")
MOST_WORDS_OF_A_BOUND = 4


@dataclass(slots=True)
class Outline:
    """What a core file has, and its lines as HiGHS reads them."""

    objective: str = ""
    row_types: dict[str, str] = field(default_factory=dict[str, str])
    columns: dict[str, int] = field(default_factory=dict[str, int])
    right_hand_sides: set[str] = field(default_factory=set[str])
    values: dict[str, float] = field(default_factory=dict[str, float])
    lines: list[str] = field(default_factory=list[str])


def pairs(words: tuple[str, ...]) -> Iterator[tuple[str, str]]:
    """Yield (row, value) as they stand in one line."""
    return zip(words[::2], words[1::2], strict=False)


def read_outline(text: SmpsText) -> Outline:
    """Return the outline; mistakes are noted in the text."""
    parser = _Parser(text, Outline())
    section = ""
    for record in text.lines():
        if record.is_header:
            section = record.words[0].upper()
            parser.open(record, section)
        else:
            parser.read(record, section)
    parser.outline.lines.append("ENDATA")
    if not parser.outline.objective:
        text.wrong(0, "no row of type N", "an objective in the section ROWS")
    if not parser.outline.columns:
        text.wrong(0, "no column", "a section COLUMNS")
    return parser.outline


@dataclass(frozen=True, slots=True)
class _Parser:
    """Takes in one line after the other."""

    text: SmpsText
    outline: Outline

    def open(self, record: SmpsLine, section: str) -> None:
        """Begin a section."""
        if section not in SECTIONS:
            self.text.wrong(record.line, section, f"one of {', '.join(SECTIONS)}")
        elif section == "OBJSENSE":
            for word in record.words[1:]:
                self._sense(record, word)
        else:
            name = "_".join(record.words[1:])
            self.outline.lines.append(f"NAME {name}" if section == "NAME" else section)

    def read(self, record: SmpsLine, section: str) -> None:
        """Take in a line of data; what is in an unknown section is left out."""
        readers: dict[str, Callable[[SmpsLine], None]] = {
            "ROWS": self._row,
            "COLUMNS": self._column,
            "RHS": self._right_hand_side,
            "RANGES": self._range,
            "BOUNDS": self._bound,
            "OBJSENSE": lambda record: self._sense(record, record.words[0]),
        }
        if section in readers:
            readers[section](record)
        elif section in {"", "NAME"}:
            self._wrong(record, "a section, such as ROWS, before it")

    def _wrong(self, record: SmpsLine, expected: str) -> None:
        self.text.wrong(record.line, " ".join(record.words), expected)

    def _sense(self, record: SmpsLine, word: str) -> None:
        if not word.upper().startswith("MIN"):
            self.text.wrong(record.line, word, "MIN: only costs are minimised")

    def _row(self, record: SmpsLine) -> None:
        kind, name = record.words[0].upper(), record.words[-1]
        if len(record.words) != WIDTH_OF_A_PAIR or kind not in ROW_TYPES:
            self._wrong(record, f"a type ({', '.join(ROW_TYPES)}) and a name")
        elif name in self.outline.row_types:
            self.text.wrong(record.line, name, "a name of its own for each row")
        else:
            if kind == "N" and not self.outline.objective:
                self.outline.objective = name
            self.outline.row_types[name] = kind
            self.outline.lines.append(f" {kind} {name}")

    def _column(self, record: SmpsLine) -> None:
        name, *rest = record.words
        bare = [word.strip("'\"").upper() for word in rest]
        if bare[:1] == ["MARKER"] and bare[-1] in MARKERS:
            self.outline.lines.append(f"    {name} 'MARKER' '{bare[-1]}'")
        elif not rest or len(rest) % 2:
            self._wrong(record, "a column, then rows and values")
        else:
            self.outline.columns.setdefault(name, len(self.outline.columns))
            self._values(record, name, tuple(rest))

    def _right_hand_side(self, record: SmpsLine) -> None:
        words = record.words
        if len(words) % 2:
            self.outline.right_hand_sides.add(words[0])
            words = words[1:]
        if len(self.outline.right_hand_sides) > 1:
            known = ", ".join(sorted(self.outline.right_hand_sides))
            self.text.wrong(record.line, known, "one name of the right-hand side")
            self.outline.right_hand_sides.discard(record.words[0])
        self.outline.values |= self._values(record, "RHS", words)

    def _range(self, record: SmpsLine) -> None:
        words = record.words[len(record.words) % 2 :]
        self._values(record, "RANGES", words)

    def _values(
        self, record: SmpsLine, name: str, words: tuple[str, ...]
    ) -> dict[str, float]:
        """Return values by row; those of the right-hand side may be infinite."""
        if not words:
            self._wrong(record, "rows and values")
        found: dict[str, float] = {}
        for row, word in pairs(words):
            if row not in self.outline.row_types:
                self.text.wrong(record.line, row, "a row of the section ROWS")
            read = self.text.number if name == "RHS" else self.text.finite
            found[row] = read(record.line, word)
            self.outline.lines.append(f"    {name} {row} {found[row]!r}")
        return found

    def _bound(self, record: SmpsLine) -> None:
        code, *words = (record.words[0].upper(), *record.words[1:])
        if code in VALUED_BOUNDS:
            column, value = words[-2:] if len(words) > 1 else ("", "")
        elif code in BARE_BOUNDS:
            known = [word for word in words[:2] if word in self.outline.columns]
            column, value = (known or [*words[:2], ""])[-1], ""
        else:
            known = ", ".join((*VALUED_BOUNDS, *BARE_BOUNDS))
            self.text.wrong(record.line, code, f"a type of bound ({known})")
            return
        if not column or len(record.words) > MOST_WORDS_OF_A_BOUND:
            self._wrong(record, "a type of bound, its set, a column and a value")
        elif column not in self.outline.columns:
            self.text.wrong(record.line, column, "a column of the section COLUMNS")
        else:
            number = repr(self.text.number(record.line, value)) if value else ""
            self.outline.lines.append(f" {code} BOUND {column} {number}")
