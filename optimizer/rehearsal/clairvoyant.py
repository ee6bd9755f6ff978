"""A bound for a path: nobody who knows it does better with what was to be had.

The linear program of `rule_comparison/clairvoyant.py`, with one stock of each material
and both ways of following the path as its limits. In each period it buys what the
printed plan could buy at the fastest pace of any rule, or what was bought after
planning again, whichever is more; the same for stock, release and contracts. Rights and
contracts serve all. Both ways satisfy these rows, so both cost at least as much.
"""

from collections.abc import Sequence
from dataclasses import dataclass, fields, replace

import numpy as np

from models.instance import Instance
from optimizer.policies.simulator import Trajectories, simulate
from optimizer.recourse.blocks import Recourse
from optimizer.recourse.programs import MILLION, ScenarioAllocation, programs
from optimizer.recourse.units import plain_units
from optimizer.rehearsal.stretch import Stretch, followed, idle_stock
from optimizer.rule_comparison.clairvoyant import discounted, least_cost, stocks_of
from optimizer.rule_comparison.pools import pools_of
from optimizer.rule_comparison.stock_rows import (
    Stock,
    StockBlock,
    StockRows,
    with_stocks,
)
from optimizer.scenarios.scenario_set import Floats


@dataclass(frozen=True, slots=True)
class Attainable:
    """What somebody can have of each material, (m, t) in tonnes.

    initial is what is there at the start (m), most the largest stock (m), contracts
    what is delivered by them.
    """

    initial: Floats
    most: Floats
    bought: Floats
    released: Floats
    contracts: Floats

    def or_of(self, other: "Attainable") -> "Attainable":
        """Return the larger of both, figure by figure."""
        return Attainable(
            *(
                np.maximum(getattr(self, x.name), getattr(other, x.name))
                for x in fields(self)
            )
        )


def clairvoyant_cost(
    instance: Instance, printed: Stretch, stretches: Sequence[Stretch]
) -> float:
    """Return the least discounted shortage cost of a path, US dollars."""
    attainable = attained([printed]).or_of(attained(stretches))
    attainable = attainable.or_of(fastest(instance, printed, attainable))
    recourse = discounted(instance, printed.happened.recourse)
    recourse = replace(recourse, gap_may_draw=np.ones_like(recourse.gap_may_draw))
    cost = 0.0
    for part in programs(recourse, 1, plain_units(recourse)):
        program, shorts, number = part.program, part.shorts, len(part.gaps)
        there = attainable.contracts[recourse.short_m[shorts], recourse.short_t[shorts]]
        program.row_upper[number : number + len(shorts)] = there
        block = _block(recourse, part, attainable)
        cost += MILLION * least_cost(with_stocks(program, block, number))
    return cost


def attained(stretches: Sequence[Stretch]) -> Attainable:
    """Return what was there, bought and released on a path that was followed."""
    done = [_done(x) for x in stretches]
    bought, released, held, contracts = (
        followed(stretches, [x[i] for x in done]) for i in range(4)
    )
    first = stretches[0]
    initial = idle_stock(first)
    level = np.zeros((len(stretches), len(initial)))
    for i, stretch in enumerate(stretches):
        for part in stretch.happened.held:
            level[i, part.holding.m] += part.policies.target.sum()
    for part in (*first.happened.held, *first.happened.sold):
        initial[part.holding.m] += part.policies.initial.sum()
    most = np.maximum(np.maximum(held.max(axis=1), level.max(axis=0)), initial)
    return Attainable(initial, most, bought, released, contracts)


def fastest(instance: Instance, printed: Stretch, attainable: Attainable) -> Attainable:
    """Return what pools of the printed plan can buy and release at most, beside that.

    Its rights do as they did.
    """
    bought, released = (np.zeros_like(attainable.bought) for _ in range(2))
    for part in printed.happened.held:
        if part.holding.offer is not None:
            done = simulate(part.policies, part.holding.observables)
            bought[part.holding.m] += _arrived(done)
            released[part.holding.m] += done.released[:, 0].sum(axis=0)
    pools = pools_of(instance, printed.happened.held)
    for stock in stocks_of(instance, pools, instance.rules):
        m = pools[stock.pool].holding.m
        bought[m] += stock.pace[0] * stock.open_share[0] + stock.delivered[0]
    for pool in pools:
        length = pool.holding.observables.relative_length
        released[pool.holding.m] += pool.outload * length
    return replace(attainable, bought=bought, released=released)


def _done(stretch: Stretch) -> tuple[Floats, Floats, Floats, Floats]:
    """Return what is bought, released, in stock and delivered by contracts (m, t)."""
    index = stretch.instance.index
    shape = stretch.scenario.price[:, 0].shape
    bought, released, held, contracts = (np.zeros(shape) for _ in range(4))
    held += idle_stock(stretch)[:, None]
    for part in stretch.happened.held:
        done, m = simulate(part.policies, part.holding.observables), part.holding.m
        bought[m] += _arrived(done)
        released[m] += done.released[:, 0].sum(axis=0)
        held[m] += done.on_hand[:, 0].sum(axis=0)
    for part in stretch.happened.sold:
        held[part.holding.m] += part.policies.initial.sum()
    for signed in stretch.happened.contracts:
        contracts[index.material[signed.contract.material]] += signed.delivered[0]
    return bought, released, held, contracts


def _arrived(done: Trajectories) -> Floats:
    """Return what arrives for tranches, bought before the start or after it (t)."""
    return (done.acquired + done.delivered)[:, 0].sum(axis=0)


def _block(
    recourse: Recourse, part: ScenarioAllocation, attainable: Attainable
) -> StockBlock:
    """Return the stocks of all materials that are short."""
    short_m, short_t = recourse.short_m[part.shorts], recourse.short_t[part.shorts]
    entries, always = StockRows(), np.ones_like(attainable.bought)
    for m in np.unique(short_m).tolist():
        there = np.flatnonzero(short_m == m)
        there = there[np.argsort(short_t[there])]
        periods = short_t[there]
        stock = Stock(
            pool=m,
            target=float(attainable.most[m]),
            initial=float(attainable.initial[m]),
            pace=attainable.bought[m : m + 1],
            open_share=always[m : m + 1],
            delivered=np.zeros((1, attainable.bought.shape[1])),
        )
        entries.add_stock(stock, 0, periods, there)
        entries.add_outload(1, attainable.released[m, periods])
    return entries.block(len(part.shorts))
