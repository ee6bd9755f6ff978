"""Programs of some scenarios in one period, each warm from where the last one ended.

Rows and columns are those of `programs`, as far as presolve has left them open. Slices
of the same scenarios come in the order of time: the same gaps are often open again, so
gaps, materials and products start from the basis of when they were last in a program.
"""

from collections.abc import Iterator

import numpy as np
from numpy.typing import NDArray

from optimizer.deadline import look
from optimizer.highs import INFINITY, Basis
from optimizer.recourse.blocks import Recourse
from optimizer.recourse.presolve import ReducedAllocation
from optimizer.recourse.programs import Slice, bounds_of, slice_programs, sliced
from optimizer.recourse.units import RecourseUnits
from optimizer.scenarios.scenario_set import Floats, Positions

SCENARIOS_AT_ONCE = 125
AT_LOWER, BASIC, AT_UPPER = (np.int8(status) for status in range(3))


def slices(
    recourse: Recourse,
    reduced: ReducedAllocation,
    pooled: Floats,
    shape: tuple[int, int],
    units: RecourseUnits,
) -> Iterator[Slice]:
    """Yield the slices of W scenarios and T periods with anything to decide."""
    number_of_scenarios, periods = shape
    number = -(-number_of_scenarios // SCENARIOS_AT_ONCE) * periods

    def slice_of(w: Positions, t: Positions) -> Positions:
        return w // SCENARIOS_AT_ONCE * periods + t

    look()
    products, entry = recourse.products, recourse.shortage_entry
    of_gap = slice_of(recourse.gap_w, recourse.gap_t)
    of_short = slice_of(recourse.short_w, recourse.short_t)
    of_shortage = slice_of(products.w, products.t)[entry]
    may_allocate = (reduced.missing > 0) & (pooled[recourse.gap_short] > 0)
    may_allocate &= recourse.gap_may_draw
    number_of_short = len(recourse.short_m)
    is_shared = (
        np.bincount(recourse.gap_short[may_allocate], minlength=number_of_short) > 0
    )
    wanted = np.where(reduced.may_buy, reduced.missing, 0.0)
    wanted = np.bincount(recourse.gap_short, weights=wanted, minlength=number_of_short)
    look()
    columns = sliced(
        (may_allocate, reduced.may_buy, reduced.room > 0),
        (of_gap, of_gap, of_shortage),
        number,
    )
    rows = sliced(
        (reduced.missing > 0, is_shared, wanted > recourse.emergency_limit),
        (of_gap, of_short, of_short),
        number,
    )
    look()
    bounds = bounds_of(recourse, reduced.missing, pooled, reduced.room)
    return slice_programs(recourse, columns, rows, bounds, units)


class WarmBasis:
    """The last basis of each scenario's variables, from which its next program starts.

    A gap that was not open before starts covered by the pool if it may draw, and
    uncovered if not, which is dual feasible because no cost is negative.
    """

    def __init__(self, recourse: Recourse, number_of_scenarios: int) -> None:
        look()
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
        self._rows[gap[~recourse.gap_may_draw]] = BASIC

    def basis(self, part: Slice) -> Basis:
        """Return the basis that a slice starts from."""
        return Basis(
            self._columns[self._column[part.columns]], self._rows[self._row[part.rows]]
        )

    def keep(
        self,
        part: Slice,
        values: Floats,
        basic: tuple[NDArray[np.bool_], NDArray[np.bool_]],
    ) -> None:
        """Keep the final basis of a slice."""
        program = part.program
        is_full = values >= program.column_upper
        is_limit = program.row_lower == -INFINITY
        columns = np.where(basic[0], BASIC, np.where(is_full, AT_UPPER, AT_LOWER))
        rows = np.where(basic[1], BASIC, np.where(is_limit, AT_UPPER, AT_LOWER))
        self._columns[self._column[part.columns]] = columns
        self._rows[self._row[part.rows]] = rows
