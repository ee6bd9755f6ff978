"""The allocation problem as linear programs: rows (25) to (27) of FORMULATION.md.

Rows are gap cover by gap, then pool and emergency limits by short material; columns are
allocation and emergency purchase by gap, then shortage. Scenarios share nothing, so
many small programs are faster than a large one. `programs` has one for each scenario,
`slices` one for some scenarios in a period. They are in the units of RecourseUnits.
"""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import coo_array, csr_array

from optimizer.deadline import look
from optimizer.highs import INFINITY, LinearProgram
from optimizer.recourse.blocks import Recourse
from optimizer.recourse.units import RecourseUnits
from optimizer.scenarios.scenario_set import Booleans, Floats, Positions

MILLION = 1e6


@dataclass(frozen=True, slots=True)
class Slice:
    """A program in units, and what its columns and rows are.

    columns are positions among all allocations by gap, emergency purchases by gap and
    shortages, in this order; rows among all gap covers, pool limits and emergency
    limits by short material.
    """

    program: LinearProgram
    columns: Positions
    rows: Positions


@dataclass(frozen=True, slots=True)
class ScenarioAllocation:
    """The program of scenario w, and positions of its gaps and short materials.

    It is in units.
    """

    w: int
    gaps: Positions
    shorts: Positions
    program: LinearProgram


@dataclass(frozen=True, slots=True)
class Sliced:
    """Columns or rows by slice: those of slice x are [start[x]:start[x + 1]].

    at leads from a position among all to the one here, -1 for what is in no program.
    """

    positions: Positions
    start: Positions
    at: NDArray[np.int32]


@dataclass(frozen=True, slots=True)
class Bounds:
    """Upper bounds of all columns, lower and upper ones of all rows, chosen or not."""

    column_upper: Floats
    row_lower: Floats
    row_upper: Floats


def programs(
    recourse: Recourse, number_of_scenarios: int, units: RecourseUnits
) -> Iterator[ScenarioAllocation]:
    """Yield a program without any supply for each scenario with a gap, in units.

    Shortage columns that can never be used are left out.
    """
    number, short = recourse.number_of_gaps, len(recourse.short_m)
    shortage_w = recourse.products.w[recourse.shortage_entry]
    of_gap, of_short = np.ones(number, np.bool_), np.ones(short, np.bool_)
    columns = sliced(
        (recourse.gap_may_draw, of_gap, useful_shortages(recourse)),
        (recourse.gap_w, recourse.gap_w, shortage_w),
        number_of_scenarios,
    )
    rows = sliced(
        (of_gap, of_short, of_short),
        (recourse.gap_w, recourse.short_w, recourse.short_w),
        number_of_scenarios,
    )
    bounds = bounds_of(recourse, recourse.gap, np.zeros(short), recourse.shortage_limit)
    for part in slice_programs(recourse, columns, rows, bounds, units):
        end = int(np.searchsorted(part.rows, number))
        gaps, limits = part.rows[:end], part.rows[end:]
        shorts = limits[: len(limits) // 2] - number
        yield ScenarioAllocation(
            int(recourse.gap_w[gaps[0]]), gaps, shorts, part.program
        )


def useful_shortages(recourse: Recourse) -> Booleans:
    """Return the shortage columns that can be of any use.

    Cutting a product beyond what closes the widest gap of its materials saves nothing,
    and blocks are used in the order of their cost.
    """
    needed = np.zeros(recourse.number_of_shortages)
    np.maximum.at(
        needed,
        recourse.coefficient_shortage,
        recourse.gap[recourse.coefficient_gap] / recourse.coefficient,
    )
    before = np.cumsum(recourse.shortage_limit) - recourse.shortage_limit
    first = recourse.products.first[recourse.shortage_entry]
    start = before - before[first]
    return start <= needed * (1 + 1e-9)


def bounds_of(
    recourse: Recourse, missing: Floats, pooled: Floats, shortage_limit: Floats
) -> Bounds:
    """Return the bounds for what gaps miss, pools hold and products can do without."""
    infinite = np.full(2 * recourse.number_of_gaps, INFINITY)
    free = np.full(2 * len(recourse.short_m), -INFINITY)
    covered = infinite[: recourse.number_of_gaps]
    return Bounds(
        column_upper=np.concatenate([infinite, shortage_limit]),
        row_lower=np.concatenate([missing, free]),
        row_upper=np.concatenate([covered, pooled, recourse.emergency_limit]),
    )


def sliced(
    chosen: tuple[Booleans, ...],
    slice_of: tuple[Positions, ...],
    number_of_slices: int,
) -> Sliced:
    """Return the chosen columns or rows, kind by kind, sorted by their slices."""
    positions = np.flatnonzero(np.concatenate(chosen))
    slices = np.concatenate([x[c] for x, c in zip(slice_of, chosen, strict=True)])
    order = np.argsort(slices, kind="stable")
    positions = positions[order]
    start = np.searchsorted(slices[order], np.arange(number_of_slices + 1))
    at = np.full(sum(map(len, chosen)), -1, dtype=np.int32)
    at[positions] = np.arange(len(positions))
    return Sliced(positions, start, at)


def slice_programs(
    recourse: Recourse,
    columns: Sliced,
    rows: Sliced,
    bounds: Bounds,
    units: RecourseUnits,
) -> Iterator[Slice]:
    """Yield the program of each slice that has a row, in units."""
    of_columns = units.columns[columns.positions]
    of_rows = units.rows[rows.positions]
    look()
    matrix = _matrix(recourse, columns, rows)
    look()
    matrix.data *= of_columns[matrix.indices]
    matrix.data /= np.repeat(of_rows, np.diff(matrix.indptr))
    none = np.zeros(recourse.number_of_gaps)
    cost = np.concatenate([none, recourse.emergency_cost, recourse.shortage_cost])
    cost = cost[columns.positions] * of_columns / units.cost_usd
    column_upper = bounds.column_upper[columns.positions] / of_columns
    row_lower = bounds.row_lower[rows.positions] / of_rows
    row_upper = bounds.row_upper[rows.positions] / of_rows
    for x in np.flatnonzero(np.diff(rows.start)).tolist():
        left, right = int(columns.start[x]), int(columns.start[x + 1])
        first, last = int(rows.start[x]), int(rows.start[x + 1])
        start = matrix.indptr[first : last + 1]
        inside = slice(start[0], start[-1])
        program = LinearProgram(
            cost=cost[left:right],
            rows=csr_array(
                (matrix.data[inside], matrix.indices[inside] - left, start - start[0]),
                shape=(last - first, right - left),
            ),
            row_lower=row_lower[first:last],
            row_upper=row_upper[first:last],
            column_lower=np.zeros(right - left),
            column_upper=column_upper[left:right],
        )
        yield Slice(program, columns.positions[left:right], rows.positions[first:last])


def _matrix(recourse: Recourse, columns: Sliced, rows: Sliced) -> csr_array:
    """Return all rows of all slices, slice by slice."""
    number, short = recourse.number_of_gaps, recourse.gap_short
    allocation = np.flatnonzero(columns.positions < number)
    emergency = np.flatnonzero(
        (columns.positions >= number) & (columns.positions < 2 * number)
    )
    allocated = columns.positions[allocation]
    bought = columns.positions[emergency] - number
    saving = columns.at[2 * number :][recourse.coefficient_shortage]
    chosen = np.flatnonzero(saving >= 0)
    gap = rows.at[:number]
    pool = rows.at[number : number + len(recourse.short_m)]
    limit = rows.at[number + len(recourse.short_m) :]
    row = np.concatenate(
        [
            gap[allocated],
            gap[bought],
            gap[recourse.coefficient_gap[chosen]],
            pool[short[allocated]],
            limit[short[bought]],
        ]
    )
    column = np.concatenate(
        [allocation, emergency, saving[chosen], allocation, emergency]
    )
    value = np.ones(len(row))
    first = len(allocation) + len(emergency)
    value[first : first + len(chosen)] = recourse.coefficient[chosen]
    is_there = row >= 0
    shape = (len(rows.positions), len(columns.positions))
    entries = (row[is_there], column[is_there].astype(np.int32))
    return csr_array(coo_array((value[is_there], entries), shape=shape))
