"""Rows and columns of the stocks of one scenario, and how they join the allocation.

A stock is what one part of a pool holds. Its columns are what it releases in periods
with a shortage, what is left then and what is bought, both in every period up to the
last shortage.
"""

from dataclasses import dataclass

import numpy as np
from scipy.sparse import coo_array, csr_array, hstack, vstack

from optimizer.highs import INFINITY, LinearProgram
from optimizer.scenarios.scenario_set import Floats, Positions


@dataclass(frozen=True, slots=True)
class Stock:
    """One part of a pool in all scenarios: what may be bought and what arrives of it.

    pace is in tonnes, before what closed routes do not deliver; open_share is the part
    that arrives; delivered is what arrives of purchases of before; all (w, t).
    """

    pool: int
    target: float
    initial: float
    pace: Floats
    open_share: Floats
    delivered: Floats


@dataclass(frozen=True, slots=True)
class StockBlock:
    """Columns and rows of the stocks in one scenario, and the releases' pool rows.

    rows are those of the stocks alone; releasing says how many tonnes each column adds
    to each pool limit of the scenario.
    """

    rows: csr_array
    row_lower: Floats
    row_upper: Floats
    column_upper: Floats
    releasing: csr_array


class StockRows:
    """Rows and columns of one scenario as they come together."""

    def __init__(self) -> None:
        self._row: list[Positions] = []
        self._column: list[Positions] = []
        self._value: list[Floats] = []
        self._lower: list[Floats] = []
        self._upper: list[Floats] = []
        self._column_upper: list[Floats] = []
        self._released: list[Positions] = []
        self._released_row: list[Positions] = []
        self._rows = self._columns = 0

    def add_stock(
        self, stock: Stock, w: int, t: Positions, pool_row: Positions
    ) -> None:
        """Add a stock that may release in the periods t, into these pool limits."""
        number, last = len(t), int(t[-1]) + 1
        release, left = np.arange(number), number + np.arange(last)
        buy, first = left + last, self._columns
        share = stock.open_share[w, :last]
        periods = np.arange(last)
        # left[t] + release[t] - left[t - 1] - buy[t - 1] = what is there at first, or
        # what was delivered in t - 1
        self._add(periods, first + left, np.ones(last))
        self._add(t, first + release, np.ones(number))
        self._add(periods[1:], first + left[:-1], -np.ones(last - 1))
        self._add(periods[1:], first + buy[:-1], -np.ones(last - 1))
        start = np.zeros(last)
        start[0] = stock.initial
        start[1:] = stock.delivered[w, : last - 1]
        self._end(start, start)
        # buy[t] + open share x left[t] <= open share x target
        self._add(periods, first + buy, np.ones(last))
        self._add(periods, first + left, share)
        self._end(np.full(last, -INFINITY), share * stock.target)
        infinite = np.full(number + last, INFINITY)
        self._column_upper += [infinite, share * stock.pace[w, :last]]
        self._released.append(first + release)
        self._released_row.append(pool_row)
        self._columns += number + 2 * last

    def add_outload(self, number_of_stocks: int, outload: Floats) -> None:
        """Limit what the last stocks release together in each period with a release."""
        number = len(outload)
        rows = np.arange(number)
        for released in self._released[-number_of_stocks:]:
            self._add(rows, released, np.ones(number))
        self._end(np.full(number, -INFINITY), outload)

    def block(self, number_of_shorts: int) -> StockBlock:
        """Return what came together."""
        row, column = _joined(self._row), _joined(self._column)
        value = np.concatenate([*self._value, np.zeros(0)])
        released = _joined(self._released)
        ones, pool_row = np.ones(len(released)), _joined(self._released_row)
        pools = (number_of_shorts, self._columns)
        return StockBlock(
            rows=_matrix(value, row, column, (self._rows, self._columns)),
            row_lower=np.concatenate([*self._lower, np.zeros(0)]),
            row_upper=np.concatenate([*self._upper, np.zeros(0)]),
            column_upper=np.concatenate([*self._column_upper, np.zeros(0)]),
            releasing=_matrix(ones, pool_row, released, pools),
        )

    def _add(self, row: Positions, column: Positions, value: Floats) -> None:
        self._row.append(self._rows + row)
        self._column.append(column)
        self._value.append(value)

    def _end(self, lower: Floats, upper: Floats) -> None:
        self._lower.append(lower)
        self._upper.append(upper)
        self._rows += len(lower)


def with_stocks(
    program: LinearProgram, block: StockBlock, number_of_gaps: int
) -> LinearProgram:
    """Return the allocation with stocks: what is released may be shared."""
    rows, columns = program.rows.shape
    number_of_shorts, added = block.releasing.shape
    above = csr_array((number_of_gaps, added))
    below = csr_array((rows - number_of_gaps - number_of_shorts, added))
    released = vstack([above, -block.releasing, below])
    apart = csr_array((block.rows.shape[0], columns))
    whole = vstack([hstack([program.rows, released]), hstack([apart, block.rows])])
    nothing = np.zeros(added)
    return LinearProgram(
        cost=np.concatenate([program.cost, nothing]),
        rows=csr_array(whole),
        row_lower=np.concatenate([program.row_lower, block.row_lower]),
        row_upper=np.concatenate([program.row_upper, block.row_upper]),
        column_lower=np.concatenate([program.column_lower, nothing]),
        column_upper=np.concatenate([program.column_upper, block.column_upper]),
    )


def _joined(positions: list[Positions]) -> Positions:
    return np.concatenate([*positions, np.zeros(0, dtype=np.int64)])


def _matrix(
    value: Floats, row: Positions, column: Positions, shape: tuple[int, int]
) -> csr_array:
    return csr_array(coo_array((value, (row, column)), shape=shape))
