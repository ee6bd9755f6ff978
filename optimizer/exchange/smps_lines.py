"""Lines of an MPS-like file as words, and the mistakes that are found in them."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from math import isfinite, isnan, nan
from pathlib import Path

from models.mistakes import Mistake
from models.reading import InvalidCaseError

HEADERS = {
    "core": ("NAME", "OBJSENSE", "ROWS", "COLUMNS", "RHS", "RANGES", "BOUNDS"),
    "time": ("TIME", "PERIODS"),
    "stoch": ("STOCH", "INDEP", "BLOCKS", "SCENARIOS"),
    "not read": ("NODES", "DISTRIB", "CHANCE", "ICC", "SIMPLE", "ROBUST", "PLINQUAD"),
    "not read in a core": ("QUADOBJ", "QSECTION", "QMATRIX", "SOS"),
}
KEYWORDS = {word for words in HEADERS.values() for word in words}
NAMES_OF_SETS = {"RHS", "RANGES", "BOUNDS"}  # a line of data may begin with these
LAYOUTS = {"DISCRETE", "LP", "MIP", "EXPLICIT", "IMPLICIT", "NORMAL", "UNIFORM"}
TYPES = {"N", "E", "L", "G", "FR", "MI", "PL", "BV"}
BYTE_ORDER_MARK = "\xef\xbb\xbf"  # as latin-1 has it


class InvalidSmpsError(InvalidCaseError):
    """The files have mistakes; nothing was read."""


@dataclass(frozen=True, slots=True)
class SmpsLine:
    """One line: its number from 1, its words, whether a section begins with it."""

    line: int
    words: tuple[str, ...]
    is_header: bool


@dataclass(frozen=True, slots=True)
class SmpsText:
    """A file that is read, and what is wrong in it."""

    path: Path
    mistakes: list[Mistake] = field(default_factory=list[Mistake])

    def lines(self) -> Iterator[SmpsLine]:
        """Yield each line with words up to ENDATA, without comments.

        The first line is a header; so is what is indented like it and is no data.
        """
        margin: int | None = None
        with self.path.open(encoding="latin-1") as lines:
            for number, raw in enumerate(lines, start=1):
                line = raw.removeprefix(BYTE_ORDER_MARK).expandtabs()
                words = tuple(line.split())
                if not words or words[0].startswith("*"):
                    continue
                if words[0].upper() == "ENDATA":
                    return
                indentation = len(line) - len(line.lstrip())
                margin = indentation if margin is None else margin
                yield SmpsLine(number, words, _is_header(words, indentation <= margin))

    def wrong(self, line: int, value: object, expected: str) -> None:
        """Note a mistake in a line; 0 is the file as a whole."""
        place = self.path.name if line == 0 else f"{self.path.name}:{line}"
        self.mistakes.append(Mistake(place, value, expected))

    def number(self, line: int, word: str) -> float:
        """Return a word as a number; 0 and a mistake if it is none.

        Fortran writes the exponent with a D.
        """
        try:
            value = float(word.upper().replace("D", "E"))
        except ValueError:
            value = nan
        if isnan(value) or "_" in word:
            self.wrong(line, word, "a number")
            return 0.0
        return value

    def finite(self, line: int, word: str) -> float:
        """Return a word as a finite number; 0 and a mistake if it is none."""
        value = self.number(line, word)
        if isfinite(value):
            return value
        self.wrong(line, word, "a finite number")
        return 0.0


def _is_header(words: tuple[str, ...], is_at_margin: bool) -> bool:  # noqa: FBT001
    """Return whether a section begins with a line: real files indent some or all."""
    first, *others = (word.upper() for word in words)
    is_keyword = first in KEYWORDS
    if not is_at_margin:
        return is_keyword and (not others or others[0] in LAYOUTS)
    if len(others) > 1:
        return is_keyword and first not in NAMES_OF_SETS
    return is_keyword or not others or first not in TYPES
