"""What a stochastic file can change in a core: each entry as one whole number."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from optimizer.exchange.core_file import Core
from optimizer.exchange.time_file import Periods
from optimizer.highs import INFINITY

COST, RIGHT_HAND_SIDE, MATRIX, LOWER, UPPER = range(5)
PLACES = {
    COST: "the objective",
    RIGHT_HAND_SIDE: "the right-hand side",
    MATRIX: "the matrix",
    LOWER: "a bound",
    UPPER: "a bound",
}
BOUNDS = {"UP", "LO", "FX", "FR", "MI", "PL", "BV", "LI", "UI"}
LARGEST = 1e20  # what is beyond is infinite, as in HiGHS
Places = tuple[NDArray[np.int64], NDArray[np.int64], NDArray[np.int64]]


@dataclass(frozen=True, slots=True)
class Targets:
    """Entries of a core that may differ from scenario to scenario."""

    core: Core
    periods: Periods

    def code(self, kind: int, row: int, column: int) -> int:
        """Return the number of an entry; row or column is 0 where there is none."""
        height, width = self.core.named.program.rows.shape
        return (kind * (height + 1) + row) * (width + 1) + column

    def places(self, codes: NDArray[np.int64]) -> Places:
        """Return kinds, rows and columns of entries."""
        height, width = self.core.named.program.rows.shape
        rest, columns = np.divmod(codes, width + 1)
        kinds, rows = np.divmod(rest, height + 1)
        return kinds, rows, columns

    def is_second_stage(self, kind: int, row: int, column: int) -> bool:
        """Whether an entry belongs to the second stage."""
        if kind in {RIGHT_HAND_SIDE, MATRIX}:
            return bool(self.periods.is_second_row[row])
        return bool(self.periods.is_second_column[column])

    def value(self, code: int) -> float:
        """Return what the core has at an entry."""
        kinds, rows, columns = self.places(np.array([code]))
        kind, row, column = int(kinds[0]), int(rows[0]), int(columns[0])
        program = self.core.named.program
        if kind == MATRIX:
            return float(program.rows[row, column])
        if kind == RIGHT_HAND_SIDE:
            return float(self.core.right_hand_side[row])
        arrays = {
            COST: program.cost,
            LOWER: program.column_lower,
            UPPER: program.column_upper,
        }
        return float(arrays[kind][column])


def bound_values(code: str, value: float) -> list[tuple[int, float]]:
    """Return which bounds a word like UP sets, and to what."""
    return {
        "UP": [(UPPER, value)],
        "UI": [(UPPER, value)],
        "LO": [(LOWER, value)],
        "LI": [(LOWER, value)],
        "BV": [(LOWER, 0.0), (UPPER, 1.0)],
        "FX": [(LOWER, value), (UPPER, value)],
        "FR": [(LOWER, -INFINITY), (UPPER, INFINITY)],
        "MI": [(LOWER, -INFINITY)],
        "PL": [(UPPER, INFINITY)],
    }[code]


def finite_or_infinite(value: float) -> float:
    """Return a value as HiGHS sees it: what is very large is infinite."""
    return value if abs(value) < LARGEST else np.copysign(INFINITY, value)
