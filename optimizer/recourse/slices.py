"""Blocks in slices: some scenarios in one period, as one linear program.

Rows are gap cover by gap, then pool and emergency limits by short material; columns are
allocation and emergency purchase by gap, then shortage: FORMULATION.md (20) to (22), as
far as they are not settled. Slices of the same scenarios come in the order of time, and
each can start from where the same gaps, materials and products stood when they were
last in a program.
"""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import coo_array, csr_array

from optimizer.highs import INFINITY, Basis, LinearProgram
from optimizer.recourse.blocks import Positions, Recourse
from optimizer.recourse.presolve import ReducedAllocation
from optimizer.recourse.programs import MILLION
from optimizer.scenarios.scenario_set import Floats

SCENARIOS_AT_ONCE = 125
AT_LOWER, BASIC, AT_UPPER = (np.int8(status) for status in range(3))


@dataclass(frozen=True, slots=True)
class Slice:
    """A program, and what its columns and rows are.

    columns are positions among all allocations by gap, emergency purchases by gap and
    shortages, in this order; rows among all gap covers, pool limits and emergency
    limits by short material.
    """

    program: LinearProgram
    columns: Positions
    rows: Positions


@dataclass(frozen=True, slots=True)
class _Sorted:
    """Columns or rows by slice: those of slice x are [start[x]:start[x + 1]].

    at leads from a position among all to the one here, -1 for what is in no program.
    """

    positions: Positions
    start: Positions
    at: NDArray[np.int32]


def slices(
    recourse: Recourse,
    reduced: ReducedAllocation,
    pooled: Floats,
    shape: tuple[int, int],
) -> Iterator[Slice]:
    """Yield the slices of W scenarios and T periods with anything to decide."""
    number_of_scenarios, periods = shape
    number = -(-number_of_scenarios // SCENARIOS_AT_ONCE) * periods

    def slice_of(w: Positions, t: Positions) -> Positions:
        return w // SCENARIOS_AT_ONCE * periods + t

    products, entry = recourse.products, recourse.shortage_entry
    of_gap = slice_of(recourse.gap_w, recourse.gap_t)
    of_short = slice_of(recourse.short_w, recourse.short_t)
    of_shortage = slice_of(products.w, products.t)[entry]
    may_allocate = (reduced.missing > 0) & (pooled[recourse.gap_short] > 0)
    number_of_short = len(recourse.short_m)
    is_shared = (
        np.bincount(recourse.gap_short[may_allocate], minlength=number_of_short) > 0
    )
    wanted = np.where(reduced.may_buy, reduced.missing, 0.0)
    wanted = np.bincount(recourse.gap_short, weights=wanted, minlength=number_of_short)
    columns = _sorted(
        (may_allocate, reduced.may_buy, reduced.room > 0),
        (of_gap, of_gap, of_shortage),
        number,
    )
    rows = _sorted(
        (reduced.missing > 0, is_shared, wanted > recourse.emergency_limit),
        (of_gap, of_short, of_short),
        number,
    )
    matrix = _matrix(recourse, columns, rows)
    infinite = np.full(2 * len(of_gap), INFINITY)
    whole = (
        _cost(recourse)[columns.positions],
        np.concatenate([infinite, reduced.room])[columns.positions],
        np.concatenate([reduced.missing, np.full(2 * number_of_short, -INFINITY)])[
            rows.positions
        ],
        np.concatenate([infinite[: len(of_gap)], pooled, recourse.emergency_limit])[
            rows.positions
        ],
    )
    for x in np.flatnonzero(np.diff(rows.start)).tolist():
        yield _slice(matrix, columns, rows, whole, x)


def _slice(
    matrix: csr_array,
    columns: _Sorted,
    rows: _Sorted,
    whole: tuple[Floats, Floats, Floats, Floats],
    x: int,
) -> Slice:
    left, right = int(columns.start[x]), int(columns.start[x + 1])
    first, last = int(rows.start[x]), int(rows.start[x + 1])
    cost, upper, row_lower, row_upper = whole
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
        column_upper=upper[left:right],
    )
    return Slice(program, columns.positions[left:right], rows.positions[first:last])


def _cost(recourse: Recourse) -> Floats:
    none = np.zeros(recourse.number_of_gaps)
    cost = np.concatenate([none, recourse.emergency_cost, recourse.shortage_cost])
    return cost / MILLION


def _sorted(
    chosen: tuple[NDArray[np.bool_], ...],
    slice_of: tuple[Positions, ...],
    number_of_slices: int,
) -> _Sorted:
    positions = np.flatnonzero(np.concatenate(chosen))
    slices = np.concatenate([x[c] for x, c in zip(slice_of, chosen, strict=True)])
    order = np.argsort(slices, kind="stable")
    positions = positions[order]
    start = np.searchsorted(slices[order], np.arange(number_of_slices + 1))
    at = np.full(sum(map(len, chosen)), -1, dtype=np.int32)
    at[positions] = np.arange(len(positions))
    return _Sorted(positions, start, at)


def _matrix(recourse: Recourse, columns: _Sorted, rows: _Sorted) -> csr_array:
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


class WarmBasis:
    """Where each scenario's variables last stood, for the next program to start from.

    Where there was no gap before, it starts covered by the pool: with no cost below 0
    that is dual feasible.
    """

    def __init__(self, recourse: Recourse, number_of_scenarios: int) -> None:
        number = number_of_scenarios
        shortage_w = recourse.products.w[recourse.shortage_entry]
        blocks = int(recourse.shortage_block.max(initial=0)) + 1
        block = recourse.shortage_product * blocks + recourse.shortage_block
        gap = recourse.gap_pair * number + recourse.gap_w
        short = recourse.short_m * number + recourse.short_w
        shortage = block * number + shortage_w
        gaps, shorts, shortages = (
            int(x.max(initial=-1)) + 1 for x in (gap, short, shortage)
        )
        self._column = np.concatenate([gap, gaps + gap, 2 * gaps + shortage])
        self._row = np.concatenate([gap, gaps + short, gaps + shorts + short])
        self._columns = np.full(2 * gaps + shortages, AT_LOWER)
        self._columns[:gaps] = BASIC
        self._rows = np.full(gaps + 2 * shorts, BASIC)
        self._rows[:gaps] = AT_LOWER

    def basis(self, part: Slice) -> Basis:
        """Return where a slice should start."""
        return Basis(
            self._columns[self._column[part.columns]], self._rows[self._row[part.rows]]
        )

    def keep(
        self,
        part: Slice,
        values: Floats,
        basic: tuple[NDArray[np.bool_], NDArray[np.bool_]],
    ) -> None:
        """Keep where a slice ended."""
        program = part.program
        is_full = values >= program.column_upper
        is_limit = program.row_lower == -INFINITY
        columns = np.where(basic[0], BASIC, np.where(is_full, AT_UPPER, AT_LOWER))
        rows = np.where(basic[1], BASIC, np.where(is_limit, AT_UPPER, AT_LOWER))
        self._columns[self._column[part.columns]] = columns
        self._rows[self._row[part.rows]] = rows
