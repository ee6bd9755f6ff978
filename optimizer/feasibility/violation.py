"""A limit that does not hold, as one readable line, and the comparisons that see it."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np

from optimizer.feasibility.tolerances import LIMIT, ROUNDING
from optimizer.scenarios.scenario_set import Floats

Relation = Literal["at most", "at least", "exactly"]


@dataclass(frozen=True, slots=True)
class Violation:
    """One thing wrong in a plan.

    row is the name of the row on the page, or of the part of the document; where says
    of what, in which period and scenario; value is what was found, limit what was
    expected.
    """

    row: str
    where: str
    value: float | str
    limit: float | str
    relation: Relation

    def __str__(self) -> str:
        limit = f"{self.relation} {_text(self.limit)}"
        return f"{self.row} [{self.where}]: is {_text(self.value)}, expected {limit}"


Violations = Iterator[Violation]


def at_most(
    row: str, where: str, value: float, limit: float, tolerance: float
) -> Violations:
    """Yield a violation unless value <= limit; NaN is one."""
    if not value <= limit + tolerance + LIMIT * abs(limit):
        yield Violation(row, where, float(value), float(limit), "at most")


def at_least(
    row: str, where: str, value: float, limit: float, tolerance: float
) -> Violations:
    """Yield a violation unless value >= limit; NaN is one."""
    if not value >= limit - tolerance - LIMIT * abs(limit):
        yield Violation(row, where, float(value), float(limit), "at least")


def equal(
    row: str, where: str, value: float, expected: float, tolerance: float = 0.0
) -> Violations:
    """Yield a violation unless value = expected up to rounding and the tolerance."""
    if not abs(value - expected) <= tolerance + ROUNDING * abs(expected):
        yield Violation(row, where, float(value), float(expected), "exactly")


def same(row: str, where: str, value: object, expected: object) -> Violations:
    """Yield a violation unless both are the same word, number or list."""
    if value != expected:
        yield Violation(row, where, str(value), str(expected), "exactly")


def cells_at_most(
    row: str, names: Sequence[str], value: Floats, limit: Floats, tolerance: Floats
) -> Violations:
    """Yield the worst (w, t) of each item whose value (item, w, t) is above."""
    excess = value - limit - tolerance - ROUNDING * np.abs(limit)
    for i, name in enumerate(names):
        w, t = _worst(excess[i])
        if not excess[i, w, t] <= 0:
            where = f"{name}, w={w}, t={t}"
            found, most = float(value[i, w, t]), float(limit[i, w, t])
            yield Violation(row, where, found, most, "at most")


def cells_at_least(
    row: str, names: Sequence[str], value: Floats, limit: Floats, tolerance: Floats
) -> Violations:
    """Yield the worst (w, t) of each item whose value (item, w, t) is below."""
    lack = limit - value - tolerance - ROUNDING * np.abs(limit)
    for i, name in enumerate(names):
        w, t = _worst(lack[i])
        if not lack[i, w, t] <= 0:
            where = f"{name}, w={w}, t={t}"
            found, least = float(value[i, w, t]), float(limit[i, w, t])
            yield Violation(row, where, found, least, "at least")


def _worst(excess: Floats) -> tuple[int, int]:
    """Return the position of the largest of excess (w, t)."""
    w, t = np.unravel_index(int(excess.argmax()), excess.shape)
    return int(w), int(t)


def _text(value: float | str) -> str:
    return value if isinstance(value, str) else f"{value:.12g}"
