"""Mistakes in a document: the place, the value found and what was expected."""

from dataclasses import dataclass, field

LONGEST_VALUE_SHOWN = 80


@dataclass(frozen=True, slots=True)
class Mistake:
    """A mistake in a case: the place, the value found and what was expected."""

    path: str
    value: object
    expected: str

    def __str__(self) -> str:
        return f"{self.path}: is {_short(self.value)}, expected {self.expected}"


@dataclass(slots=True)
class Collector:
    """Validation context that gathers mistakes instead of stopping at the first.

    `left_out` holds (section, identifier) of parts that were left out because they are
    wrong themselves, or ANY_NAME of a whole section; references to them are not
    reported. A stored case was accepted by
    this or an earlier version, and may lack what a new one needs.
    """

    left_out: frozenset[tuple[str, str]] = frozenset()
    mistakes: list[Mistake] = field(default_factory=list["Mistake"])
    is_stored: bool = False


def _short(value: object) -> str:
    text = repr(value)
    if len(text) <= LONGEST_VALUE_SHOWN:
        return text
    return f"{text[: LONGEST_VALUE_SHOWN - 3]}..."
