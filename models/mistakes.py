"""What is wrong in a document: where, what stands there, what was expected."""

from dataclasses import dataclass, field

LONGEST_VALUE_SHOWN = 80


@dataclass(frozen=True, slots=True)
class Mistake:
    """One thing wrong in a case: where, what stands there, what was expected."""

    path: str
    value: object
    expected: str

    def __str__(self) -> str:
        return f"{self.path}: is {_short(self.value)}, expected {self.expected}"


@dataclass(slots=True)
class Collector:
    """Validation context that gathers mistakes instead of stopping at the first.

    `known` holds identifiers of parts that are wrong themselves and were left out, so
    that a reference to one of them is not reported a second time.
    """

    known: frozenset[tuple[str, str]] = frozenset()
    mistakes: list[Mistake] = field(default_factory=list["Mistake"])


def _short(value: object) -> str:
    text = repr(value)
    if len(text) <= LONGEST_VALUE_SHOWN:
        return text
    return f"{text[: LONGEST_VALUE_SHOWN - 3]}..."
