"""What becomes of the stock of each material in a replay: pools and rights apart."""

from dataclasses import dataclass

import numpy as np

from models.instance import Instance
from optimizer.evaluation.replay import PlanReplay
from optimizer.scenarios.scenario_set import Booleans, Floats

DUST = 1e-9  # share of what is released that a solver may leave


@dataclass(frozen=True, slots=True)
class Stocks:
    """Tonnes by material (m, w, t); target, what the pool is to hold, by material (m).

    on_hand is the pool's at the end of a period; stored is all that is there then:
    pool, rights and free stock for sale. delivered is what signed contracts bring while
    a gap is open; covered is what the units that are made took of all supply, unused
    what was released or drawn beyond that. is_short says where a gap is open; is_empty
    where one is and less than a lot is left of a pool that is to hold at least one.
    """

    target: Floats
    on_hand: Floats
    stored: Floats
    released: Floats
    drawn: Floats
    delivered: Floats
    covered: Floats
    unused: Floats
    gap: Floats
    is_short: Booleans
    is_empty: Booleans


def stocks_of(instance: Instance, happened: PlanReplay) -> Stocks:
    """Return the stocks of a replay."""
    gap = happened.market.market_gap
    target = np.zeros(len(instance.materials))
    on_hand, stored, released, drawn = (np.zeros_like(gap) for _ in range(4))
    for part in (*happened.held, *happened.sold):
        stored[part.holding.m] += part.response.on_hand.sum(axis=0)
    for part in happened.held:
        m, tonnes = part.holding.m, part.response.released.sum(axis=0)
        if part.holding.offer is None:
            target[m] += part.policies.target.sum()
            on_hand[m] += part.response.on_hand.sum(axis=0)
            released[m] += tonnes
        else:
            drawn[m] += tonnes
    is_short = np.zeros(gap.shape, dtype=np.bool_)
    recourse = happened.recourse
    is_short[recourse.short_m, recourse.short_w, recourse.short_t] = True
    least = np.array([m.lot_tonnes * (1 - DUST) for m in instance.materials])
    holds_one = target >= least
    supplied = released + drawn
    covered = happened.taken_up()
    unused = supplied - covered
    return Stocks(
        target=target,
        on_hand=on_hand,
        stored=stored,
        released=released,
        drawn=drawn,
        delivered=np.where(is_short, _delivered(instance, happened), 0.0),
        covered=covered,
        unused=np.where(unused > DUST * supplied, unused, 0.0),
        gap=gap,
        is_short=is_short,
        is_empty=is_short & (on_hand < least[:, None, None]) & holds_one[:, None, None],
    )


def _delivered(instance: Instance, happened: PlanReplay) -> Floats:
    tonnes = np.zeros_like(happened.market.market_gap)
    for signed in happened.contracts:
        tonnes[instance.index.material[signed.contract.material]] += signed.delivered
    return tonnes
