"""The data of a master: the first stage as arrays, whatever the problem.

Cases and two-stage problems from SMPS files are both written in this form.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_array, vstack

from optimizer.highs import Units
from optimizer.scenarios.scenario_set import Floats

Positions = NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class Rows:
    """lower <= matrix @ x <= upper."""

    matrix: csr_array
    lower: Floats
    upper: Floats

    @property
    def number(self) -> int:
        """Number of rows."""
        return len(self.lower)

    def select(self, chosen: Positions) -> "Rows":
        """Return some of the rows."""
        return Rows(self.matrix[chosen], self.lower[chosen], self.upper[chosen])


def no_rows(number_of_columns: int) -> Rows:
    """Return rows without any row."""
    return Rows(csr_array((0, number_of_columns)), np.zeros(0), np.zeros(0))


def joined(above: Rows, below: Rows) -> Rows:
    """Return the rows of both."""
    return Rows(
        csr_array(vstack([above.matrix, below.matrix], format="csr")),
        np.concatenate([above.lower, below.lower]),
        np.concatenate([above.upper, below.upper]),
    )


@dataclass(frozen=True, slots=True)
class ColumnGroup:
    """Columns from 0 up with a row of their own: sum of columns <= its upper side."""

    row: int
    columns: Positions


@dataclass(frozen=True, slots=True)
class MasterUnits:
    """The units of columns and rows of a master, of rows found later and of costs."""

    columns: Floats
    rows: Floats
    found_row: float
    cost: float

    def among(self, columns: Positions) -> Units:
        """Return the units of a program of some columns and the first rows."""
        return Units(self.columns[columns], self.rows, self.cost)


@dataclass(frozen=True, slots=True)
class MasterData:
    """Minimise cost @ x subject to rows and bounds; the cuts bound some of its columns.

    x holds what is decided first and then columns for the value of the recourse. Where
    bounds of all columns are finite, so is every safe bound. Columns in a group enter
    the master by their price, unless is_started. Without units the solver sees x as it
    is.
    """

    cost: Floats
    rows: Rows
    column_lower: Floats
    column_upper: Floats
    groups: tuple[ColumnGroup, ...]
    is_started: NDArray[np.bool_]
    units: MasterUnits | None = None

    @property
    def number_of_columns(self) -> int:
        """Number of all columns."""
        return len(self.cost)
