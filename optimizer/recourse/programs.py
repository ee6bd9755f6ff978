"""The allocation problem of each scenario as a linear program of its own.

Rows are gap cover by gap, then pool and emergency limits by short material; columns are
allocation and emergency purchase by gap, then shortage: FORMULATION.md (20) to (22).
Scenarios share nothing, so many small programs are faster than a large one.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import coo_array, csr_array

from optimizer.highs import INFINITY, LinearProgram
from optimizer.recourse.blocks import Recourse

Positions = NDArray[np.int64]
MILLION = 1e6  # the solver sees millions: a tonne of rhodium can be worth 1e9 dollars


@dataclass(frozen=True, slots=True)
class Grouped:
    """Entries by scenario: those of scenario w are order[start[w]:start[w + 1]]."""

    order: Positions
    start: Positions
    rank: Positions

    def of(self, w: int) -> Positions:
        """Return the entries of a scenario."""
        return self.order[self.start[w] : self.start[w + 1]]

    @property
    def number(self) -> Positions:
        """Number of entries by scenario."""
        return np.diff(self.start)


@dataclass(frozen=True, slots=True)
class Layout:
    """Which gaps, short materials and shortage columns belong to each scenario.

    Shortage columns that can never be used are left out.
    """

    gaps: Grouped
    shorts: Grouped
    shortages: Grouped
    is_used: NDArray[np.bool_]

    @property
    def live(self) -> Positions:
        """Scenarios in which anything is short."""
        return np.flatnonzero(self.gaps.number)


def lay_out(recourse: Recourse, number_of_scenarios: int) -> Layout:
    """Return which parts of the recourse belong to which scenario."""
    is_used = useful_shortages(recourse)
    shortage_w = recourse.products.w[recourse.shortage_entry]
    return Layout(
        gaps=_grouped(recourse.gap_w, number_of_scenarios),
        shorts=_grouped(recourse.short_w, number_of_scenarios),
        shortages=_grouped(shortage_w, number_of_scenarios, is_used),
        is_used=is_used,
    )


def useful_shortages(recourse: Recourse) -> NDArray[np.bool_]:
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


def programs(recourse: Recourse, layout: Layout) -> list[LinearProgram]:
    """Return one program for each live scenario, without any supply."""
    number_of_gaps, number_of_short = layout.gaps.number, layout.shorts.number
    row_start = _starts(number_of_gaps + 2 * number_of_short)
    column_start = _starts(2 * number_of_gaps + layout.shortages.number)
    matrix = _matrix(recourse, layout, row_start, column_start)
    return [
        _program(recourse, layout, int(w), _slice(matrix, row_start, column_start, w))
        for w in layout.live
    ]


def _matrix(
    recourse: Recourse, layout: Layout, row_start: Positions, column_start: Positions
) -> csr_array:
    """Return all rows of all scenarios, scenario by scenario."""
    gap_w, short_w = recourse.gap_w, recourse.short_w
    entry_w = recourse.products.w[recourse.shortage_entry]
    numbers = layout.gaps.number
    gap_row = row_start[gap_w] + layout.gaps.rank
    pool_row = row_start[short_w] + numbers[short_w] + layout.shorts.rank
    emergency_row = pool_row + layout.shorts.number[short_w]
    allocation = column_start[gap_w] + layout.gaps.rank
    emergency = allocation + numbers[gap_w]
    shortage = column_start[entry_w] + 2 * numbers[entry_w] + layout.shortages.rank
    is_used = layout.is_used[recourse.coefficient_shortage]
    saving = recourse.coefficient_shortage[is_used]
    row = [
        gap_row,
        gap_row,
        gap_row[recourse.coefficient_gap[is_used]],
        pool_row[recourse.gap_short],
        emergency_row[recourse.gap_short],
    ]
    column = [allocation, emergency, shortage[saving], allocation, emergency]
    ones = np.ones(recourse.number_of_gaps)
    value = [ones, ones, recourse.coefficient[is_used], ones, ones]
    shape = (int(row_start[-1]), int(column_start[-1]))
    entries = (np.concatenate(row), np.concatenate(column))
    return csr_array(coo_array((np.concatenate(value), entries), shape=shape))


def _slice(
    matrix: csr_array, row_start: Positions, column_start: Positions, w: int
) -> csr_array:
    first, last = int(row_start[w]), int(row_start[w + 1])
    start = matrix.indptr[first : last + 1]
    inside = slice(start[0], start[-1])
    left, right = int(column_start[w]), int(column_start[w + 1])
    return csr_array(
        (matrix.data[inside], matrix.indices[inside] - left, start - start[0]),
        shape=(last - first, right - left),
    )


def _program(
    recourse: Recourse, layout: Layout, w: int, rows: csr_array
) -> LinearProgram:
    gaps, shorts, shortages = (
        layout.gaps.of(w),
        layout.shorts.of(w),
        layout.shortages.of(w),
    )
    none, infinite = np.zeros(len(gaps)), np.full(len(gaps), INFINITY)
    emergency_cost = recourse.emergency_cost[gaps] / MILLION
    shortage_cost = recourse.shortage_cost[shortages] / MILLION
    columns = 2 * len(gaps) + len(shortages)
    return LinearProgram(
        cost=np.concatenate([none, emergency_cost, shortage_cost]),
        rows=rows,
        row_lower=np.concatenate(
            [recourse.gap[gaps], np.full(2 * len(shorts), -INFINITY)]
        ),
        row_upper=np.concatenate(
            [infinite, np.zeros(len(shorts)), recourse.emergency_limit[shorts]]
        ),
        column_lower=np.zeros(columns),
        column_upper=np.concatenate(
            [infinite, infinite, recourse.shortage_limit[shortages]]
        ),
    )


def _grouped(
    w: Positions, number_of_scenarios: int, chosen: NDArray[np.bool_] | None = None
) -> Grouped:
    """Group entries by scenario; those not chosen are in no group."""
    entries = np.arange(len(w)) if chosen is None else np.flatnonzero(chosen)
    order = entries[np.argsort(w[entries], kind="stable")]
    start = np.searchsorted(w[order], np.arange(number_of_scenarios + 1))
    rank = np.full(len(w), -1, dtype=np.int64)
    rank[order] = np.arange(len(order)) - start[w[order]]
    return Grouped(order, start, rank)


def _starts(numbers: Positions) -> Positions:
    return np.concatenate([np.zeros(1, dtype=np.int64), np.cumsum(numbers)])
