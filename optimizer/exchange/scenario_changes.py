"""From entries of a core to changes of the second stage's arrays."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_array

from optimizer.exchange.stoch_file import Realisation
from optimizer.exchange.targets import (
    COST,
    LOWER,
    MATRIX,
    RIGHT_HAND_SIDE,
    UPPER,
    Targets,
)
from optimizer.exchange.two_stage import Changes, Floats, Positions, Scenario


@dataclass(frozen=True, slots=True)
class Structure:
    """The core's matrices with room for every entry that a scenario changes.

    row and column lead from the core to the stage that a row or column is in;
    technology_places and recourse_places number the stored entries in order.
    """

    targets: Targets
    row: Positions
    column: Positions
    technology: csr_array
    recourse: csr_array
    technology_places: Positions
    recourse_places: Positions


def structure(targets: Targets, scenarios: list[Realisation]) -> Structure:
    """Return the matrices of the second stage, split by the stage of the column."""
    periods, program = targets.periods, targets.core.named.program
    row = _within(periods.is_second_row)
    column = _within(periods.is_second_column)
    codes = np.array(
        sorted({code for s in scenarios for code in s.entries}), dtype=np.int64
    )
    kinds, rows, columns = targets.places(codes)
    is_matrix = kinds == MATRIX
    core = program.rows.tocoo()
    height = int(periods.is_second_row.sum())
    parts: list[tuple[csr_array, Positions]] = []
    for is_here in (~periods.is_second_column, periods.is_second_column):
        width = int(is_here.sum())
        kept = periods.is_second_row[core.row] & is_here[core.col] & (core.data != 0)
        added = is_matrix & is_here[columns]
        known = row[core.row[kept]] * width + column[core.col[kept]]
        wanted = row[rows[added]] * width + column[columns[added]]
        parts.append(matrix_of(known, core.data[kept], wanted, (height, width)))
    (technology, technology_places), (recourse, recourse_places) = parts
    return Structure(
        targets, row, column, technology, recourse, technology_places, recourse_places
    )


def matrix_of(
    known: Positions, values: Floats, wanted: Positions, shape: tuple[int, int]
) -> tuple[csr_array, Positions]:
    """Return a matrix that stores known and wanted entries, and their places.

    A place is row x width + column; wanted entries that are not known are 0.
    """
    places = np.union1d(known, wanted)
    stored = np.zeros(len(places))
    stored[np.searchsorted(places, known)] = values
    rows, columns = np.divmod(places, max(shape[1], 1))
    starts = np.searchsorted(rows, np.arange(shape[0] + 1))
    matrix = csr_array((stored, columns.astype(np.int64), starts), shape=shape)
    return matrix, places


def changed_scenario(structure: Structure, realisation: Realisation) -> Scenario:
    """Return what a realisation changes, without what is as in the core."""
    targets = structure.targets
    program, core = targets.core.named.program, targets.core
    ordered = sorted(realisation.entries.items())
    kinds, rows, columns = targets.places(np.array([c for c, _ in ordered], np.int64))
    values = np.array([value for _, value in ordered])
    sides = kinds == RIGHT_HAND_SIDE
    side_rows = rows[sides]
    row = structure.row[side_rows]
    technology, recourse = (
        _in_matrix(structure, matrix, (kinds == MATRIX, rows, columns), values)
        for matrix in (True, False)
    )

    def of_columns(kind: int, array: Floats) -> Changes:
        chosen = kinds == kind
        where = columns[chosen]
        return _different(structure.column[where], values[chosen], array[where])

    def of_rows(offset: Floats, array: Floats) -> Changes:
        return _different(
            row, _moved(values[sides], offset[side_rows]), array[side_rows]
        )

    return Scenario(
        name=realisation.name,
        probability=realisation.probability,
        cost=of_columns(COST, program.cost),
        technology=technology,
        recourse=recourse,
        row_lower=of_rows(core.below, program.row_lower),
        row_upper=of_rows(core.above, program.row_upper),
        column_lower=of_columns(LOWER, program.column_lower),
        column_upper=of_columns(UPPER, program.column_upper),
    )


def _in_matrix(
    structure: Structure,
    is_technology: bool,  # noqa: FBT001
    places: tuple[NDArray[np.bool_], Positions, Positions],
    values: Floats,
) -> Changes:
    is_matrix, rows, columns = places
    is_second = structure.targets.periods.is_second_column[columns]
    chosen = is_matrix & (is_second != is_technology)
    matrix = structure.technology if is_technology else structure.recourse
    known = structure.technology_places if is_technology else structure.recourse_places
    width = int(matrix.shape[1])
    wanted = structure.row[rows[chosen]] * width + structure.column[columns[chosen]]
    positions = np.searchsorted(known, wanted)
    return _different(positions, values[chosen], matrix.data[positions])


def _moved(sides: Floats, offset: Floats) -> Floats:
    """Return a bound at its distance from the right-hand side, infinite as it was."""
    is_bound = np.isfinite(offset)
    return np.where(is_bound, sides + np.where(is_bound, offset, 0.0), offset)


def _different(positions: Positions, values: Floats, core: Floats) -> Changes:
    changed = values != core
    order = np.argsort(positions[changed], kind="stable")
    return Changes(positions[changed][order], values[changed][order])


def _within(is_second: NDArray[np.bool_]) -> Positions:
    """Return the position of each row or column within its stage."""
    return np.where(is_second, np.cumsum(is_second), np.cumsum(~is_second)) - 1
