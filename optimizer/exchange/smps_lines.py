"""Lines of an MPS-like file as words, and the mistakes that are found in them."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

from models.mistakes import Mistake
from models.reading import InvalidCaseError


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

        What begins in the first column is the header of a section.
        """
        with self.path.open(encoding="latin-1") as lines:
            for number, line in enumerate(lines, start=1):
                words = line.split()
                if not words or line.startswith("*"):
                    continue
                if words[0].upper() == "ENDATA":
                    return
                yield SmpsLine(number, tuple(words), not line[0].isspace())

    def wrong(self, line: int, value: object, expected: str) -> None:
        """Note a mistake in a line; 0 is the file as a whole."""
        place = self.path.name if line == 0 else f"{self.path.name}:{line}"
        self.mistakes.append(Mistake(place, value, expected))

    def number(self, line: int, word: str) -> float:
        """Return a word as a number; 0 and a mistake if it is none."""
        try:
            value = float(word)
        except ValueError:
            value = float("nan")
        if value == value:  # noqa: PLR0124 - false for what is not a number
            return value
        self.wrong(line, word, "a number")
        return 0.0
