"""The clairvoyant knows the scenario in advance and releases the levels at will.

One linear program a scenario: rows (25) to (27) of FORMULATION.md in all periods at
once, and the stock of each pool between them, with planned build-up, replenishment at
the fastest pace of any rule whatever the alert and the price, and outload of the site.
Any rule with these levels satisfies these rows, so it costs at least as much. Shelf
life is left out: the stock is then never below that of a rule, and more stock never
costs more, since the purchases it leaves no room for are smaller. A pool that serves
others after members serves all alike here.
"""

from collections.abc import Iterator, Sequence
from dataclasses import replace

import numpy as np

from models.instance import Instance
from models.rule import ReleaseRule
from optimizer.highs import LinearProgram, Solver, Status
from optimizer.policies.market import serves_others
from optimizer.problem import discount_factors
from optimizer.recourse.allocation import AllocationError
from optimizer.recourse.blocks import Recourse
from optimizer.recourse.programs import MILLION, ScenarioAllocation, programs
from optimizer.recourse.units import plain_units
from optimizer.rule_comparison.following import Followed, contracts_for_all
from optimizer.rule_comparison.pools import Pool, fastest_replenishment
from optimizer.rule_comparison.stock_rows import (
    Stock,
    StockBlock,
    StockRows,
    with_stocks,
)
from optimizer.scenarios.scenario_set import Floats


def clairvoyant_costs(followed: Followed) -> Floats:
    """Return the discounted cost of each scenario (w), the least that levels allow."""
    instance, shape = followed.instance, followed.happened.cost.shape
    recourse = discounted(instance, followed.happened.recourse)
    stocks = list(stocks_of(instance, followed.pools, instance.rules))
    own = followed.own_supply
    if serves_others(instance):
        everyone = np.ones_like(recourse.gap_may_draw)
        recourse = replace(recourse, gap_may_draw=everyone)
    pooled = contracts_for_all(instance, followed.happened)
    cost = np.zeros(shape[0])
    for part in programs(recourse, shape[0], plain_units(recourse)):
        program, shorts, number = part.program, part.shorts, len(part.gaps)
        program.row_lower[:number] -= own[part.gaps]
        program.row_upper[number : number + len(shorts)] = pooled[shorts]
        block = _block(recourse, part, followed.pools, stocks)
        cost[part.w] = MILLION * least_cost(with_stocks(program, block, number))
    return cost


def discounted(instance: Instance, recourse: Recourse) -> Recourse:
    """Return the recourse with costs at today's value: periods are linked here."""
    factors = discount_factors(instance)
    of_shortage = recourse.products.t[recourse.shortage_entry]
    return replace(
        recourse,
        emergency_cost=recourse.emergency_cost * factors[recourse.gap_t],
        shortage_cost=recourse.shortage_cost * factors[of_shortage],
    )


def stocks_of(
    instance: Instance, pools: Sequence[Pool], rules: Sequence[ReleaseRule]
) -> Iterator[Stock]:
    """Yield the stocks of pools, which are bought at the fastest pace of any rule."""
    for position, pool in enumerate(pools):
        seen = pool.holding.observables
        t = np.arange(seen.gap.shape[1], dtype=np.int64)
        refill = fastest_replenishment(instance, pool, rules)
        for part, fastest in zip(pool.parts, refill.tolist(), strict=True):
            is_building = (t >= part.build_start) & (t < part.build_end)
            may_build = is_building & (seen.price_ratio <= part.build_cap)
            pace = np.where(t >= part.build_end, fastest, 0.0)
            pace = np.where(may_build, part.build_up, pace)
            arriving = seen.open_share[part.sourcing]
            delivered = np.zeros_like(pace)
            if part.on_order is not None and seen.on_order is not None:
                delivered += np.tensordot(part.on_order, seen.on_order.arriving, axes=1)
            yield Stock(position, part.target, part.initial, pace, arriving, delivered)


def _block(
    recourse: Recourse,
    part: ScenarioAllocation,
    pools: Sequence[Pool],
    stocks: Sequence[Stock],
) -> StockBlock:
    """Return the stocks of what is short in a scenario, until it is for the last time.

    Columns of a stock are what it releases in the periods with a shortage, what is left
    then and what is bought, both in every period.
    """
    shorts = part.shorts
    short_m, short_t = recourse.short_m[shorts], recourse.short_t[shorts]
    entries = StockRows()
    for position, pool in enumerate(pools):
        there = np.flatnonzero(short_m == pool.holding.m)
        mine = [stock for stock in stocks if stock.pool == position]
        if len(there):
            there = there[np.argsort(short_t[there])]
            for stock in mine:
                entries.add_stock(stock, part.w, short_t[there], there)
            length = pool.holding.observables.relative_length
            entries.add_outload(len(mine), pool.outload * length[short_t[there]])
    return entries.block(len(shorts))


def least_cost(program: LinearProgram) -> float:
    """Return the least cost of the program of one scenario."""
    solution = Solver(program).run(with_duals=False)
    if solution.status is not Status.OPTIMAL:
        msg = f"clairvoyant ended as {solution.status.value}, expected optimal"
        raise AllocationError(msg)
    return solution.objective
