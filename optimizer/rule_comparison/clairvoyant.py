"""The clairvoyant: who knows the whole scenario and releases the plan's levels at will.

One linear program a scenario: rows (20) to (22) of FORMULATION.md in all periods at
once, and the stock of each pool between them, with planned build-up, replenishment at
the fastest pace of any rule whatever the alert and the price, and outload of the site.
What any rule does with these levels satisfies them, so it costs at least as much. Shelf
life is left out: the stock is then never below that of the rule, and more stock never
hurts, since what it leaves no room to buy is less than what is there.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import coo_array, csr_array, hstack, vstack

from models.rule import ReleaseRule
from optimizer.highs import INFINITY, LinearProgram, Solver, Status
from optimizer.problem import discount_factors
from optimizer.recourse.allocation import AllocationError
from optimizer.recourse.blocks import Recourse
from optimizer.recourse.programs import MILLION, Layout, lay_out, programs
from optimizer.rule_comparison.following import Followed, contracts_for_all
from optimizer.rule_comparison.pools import Pool, fastest_replenishment
from optimizer.scenarios.scenario_set import Floats

Positions = NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class _Stock:
    """One part of a pool in all scenarios: what may be bought and what arrives of it.

    pace is in tonnes, before what closed routes do not deliver; open_share is the part
    that arrives; both (w, t).
    """

    pool: int
    target: float
    initial: float
    pace: Floats
    open_share: Floats


@dataclass(frozen=True, slots=True)
class _Block:
    """Columns and rows of the stocks in one scenario, and the releases' pool rows.

    rows are those of the stocks alone; releasing says how many tonnes each column adds
    to each pool limit of the scenario.
    """

    rows: csr_array
    row_lower: Floats
    row_upper: Floats
    column_upper: Floats
    releasing: csr_array


def clairvoyant_costs(followed: Followed) -> Floats:
    """Return the discounted cost of each scenario (w), the least that levels allow."""
    recourse, shape = _discounted(followed), followed.happened.cost.shape
    layout = lay_out(recourse, shape[0])
    stocks = list(_stocks(followed, followed.instance.rules))
    own = followed.happened.supply.own
    pooled = contracts_for_all(followed.instance, followed.happened)
    cost = np.zeros(shape[0])
    for w, program in zip(
        layout.live.tolist(), programs(recourse, layout), strict=True
    ):
        gaps, shorts = layout.gaps.of(w), layout.shorts.of(w)
        number = len(gaps)
        program.row_lower[:number] -= own[gaps]
        program.row_upper[number : number + len(shorts)] = pooled[shorts]
        block = _block(recourse, layout, w, followed.pools, stocks)
        cost[w] = MILLION * _least(_with_stocks(program, block, number))
    return cost


def _discounted(followed: Followed) -> Recourse:
    """Return the recourse with costs at today's value: periods are linked here."""
    recourse, factors = (
        followed.happened.recourse,
        discount_factors(followed.instance),
    )
    of_shortage = recourse.products.t[recourse.shortage_entry]
    return replace(
        recourse,
        emergency_cost=recourse.emergency_cost * factors[recourse.gap_t],
        shortage_cost=recourse.shortage_cost * factors[of_shortage],
    )


def _stocks(followed: Followed, rules: Sequence[ReleaseRule]) -> Iterator[_Stock]:
    for position, pool in enumerate(followed.pools):
        seen = pool.holding.observables
        t = np.arange(seen.gap.shape[1], dtype=np.int64)
        refill = fastest_replenishment(followed.instance, pool, rules)
        for part, fastest in zip(pool.parts, refill.tolist(), strict=True):
            is_building = (t >= part.build_start) & (t < part.build_end)
            may_build = is_building & (seen.price_ratio <= part.build_cap)
            pace = np.where(t >= part.build_end, fastest, 0.0)
            pace = np.where(may_build, part.build_up, pace)
            arriving = seen.open_share[part.sourcing]
            yield _Stock(position, part.target, part.initial, pace, arriving)


def _block(
    recourse: Recourse,
    layout: Layout,
    w: int,
    pools: Sequence[Pool],
    stocks: Sequence[_Stock],
) -> _Block:
    """Return the stocks of what is short in a scenario, until it is for the last time.

    Columns of a stock are what it releases in the periods with a shortage, what is left
    then and what is bought, both in every period.
    """
    shorts = layout.shorts.of(w)
    short_m, short_t = recourse.short_m[shorts], recourse.short_t[shorts]
    entries = _Entries()
    for position, pool in enumerate(pools):
        there = np.flatnonzero(short_m == pool.holding.m)
        mine = [stock for stock in stocks if stock.pool == position]
        if len(there):
            there = there[np.argsort(short_t[there])]
            for stock in mine:
                entries.add_stock(stock, w, short_t[there], there)
            entries.add_outload(len(mine), pool.outload, len(there))
    return entries.block(len(shorts))


class _Entries:
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
        self, stock: _Stock, w: int, t: Positions, pool_row: Positions
    ) -> None:
        """Add a stock that may release in the periods t, into these pool limits."""
        number, last = len(t), int(t[-1]) + 1
        release, left = np.arange(number), number + np.arange(last)
        buy, first = left + last, self._columns
        share = stock.open_share[w, :last]
        periods = np.arange(last)
        # left[t] + release[t] - left[t - 1] - buy[t - 1] = 0, or what is there at first
        self._add(periods, first + left, np.ones(last))
        self._add(t, first + release, np.ones(number))
        self._add(periods[1:], first + left[:-1], -np.ones(last - 1))
        self._add(periods[1:], first + buy[:-1], -np.ones(last - 1))
        start = np.zeros(last)
        start[0] = stock.initial
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

    def add_outload(self, number_of_stocks: int, outload: float, number: int) -> None:
        """Add what the last so many stocks may release together in each period."""
        rows = np.arange(number)
        for released in self._released[-number_of_stocks:]:
            self._add(rows, released, np.ones(number))
        self._end(np.full(number, -INFINITY), np.full(number, outload))

    def block(self, number_of_shorts: int) -> _Block:
        """Return what came together."""
        row, column = _joined(self._row), _joined(self._column)
        value = np.concatenate([*self._value, np.zeros(0)])
        released = _joined(self._released)
        ones, pool_row = np.ones(len(released)), _joined(self._released_row)
        pools = (number_of_shorts, self._columns)
        return _Block(
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


def _with_stocks(
    program: LinearProgram, block: _Block, number_of_gaps: int
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


def _least(program: LinearProgram) -> float:
    solution = Solver(program, threads=1).run(with_duals=False)
    if solution.status is not Status.OPTIMAL:
        msg = f"clairvoyant ended as {solution.status.value}, expected optimal"
        raise AllocationError(msg)
    return solution.objective


def _joined(positions: list[Positions]) -> Positions:
    return np.concatenate([*positions, np.zeros(0, dtype=np.int64)])


def _matrix(
    value: Floats, row: Positions, column: Positions, shape: tuple[int, int]
) -> csr_array:
    return csr_array(coo_array((value, (row, column)), shape=shape))
