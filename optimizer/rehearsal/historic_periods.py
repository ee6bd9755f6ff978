"""A followed replay month by month: what happened, what was in stock, who got what."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np

from models.disrupted_routes import is_hit
from models.disruption import Replay
from models.historic_rehearsal import (
    MaterialInPeriod,
    RehearsedPeriod,
    StockInPeriod,
)
from models.instance import Instance
from models.orders import Allotment
from optimizer.evaluation.replay import PlanReplay
from optimizer.evaluation.stocks import stocks_of
from optimizer.policies.market import normal_supply, share_of_need
from optimizer.problem import discount_factors
from optimizer.recourse.allocation import allocate, no_supply
from optimizer.rehearsal.stretch import Stretch, followed, idle_stock
from optimizer.scenarios.scenario_set import Floats

# Of what is supplied: what a solver leaves.
DUST = 1e-9


def costs_so_far(
    instance: Instance, stretches: Sequence[Stretch]
) -> tuple[Floats, Floats, Floats]:
    """Return shortage cost up to each period (t): no vault, as printed, planned again.

    Discounted US dollars.
    """
    factors, printed = discount_factors(instance), stretches[0].happened
    recourse = printed.recourse
    bare = allocate(recourse, no_supply(recourse), printed.cost.shape).cost[0]
    again = followed(stretches, [x.happened.allocation.cost[0] for x in stretches])
    costs = (bare, printed.allocation.cost[0], again)
    without, as_printed, planned_again = (np.cumsum(factors * x) for x in costs)
    return without, as_printed, planned_again


def rehearsed_periods(
    instance: Instance, replay: Replay, stretches: Sequence[Stretch]
) -> Iterator[RehearsedPeriod]:
    """Yield each period of a replay; the first stretch is the printed plan."""
    without, as_printed, again = np.maximum(costs_so_far(instance, stretches), 0.0)
    cut = {m for x in replay.disruptions for m in x.materials}
    books = [_Books.of(x) for x in stretches]
    world = _World.of(replay, stretches[0])
    for t in range(instance.horizon.number_of_periods):
        i = max(i for i, x in enumerate(stretches) if x.start <= t)
        yield RehearsedPeriod(
            period=t,
            start=instance.horizon.start_of(t),
            materials=tuple(
                world.material(m, t, (books[0], books[i]))
                for m, material in enumerate(instance.materials)
                if material.id in cut
            ),
            without_vault_usd=float(without[t]),
            printed_usd=float(as_printed[t]),
            planned_again_usd=float(again[t]),
        )


@dataclass(frozen=True, slots=True)
class _Books:
    """Tonnes of a stretch by material and period (m, t), from its first period on.

    received is by participant, material and period (o, m, t).
    """

    stretch: Stretch
    on_hand: Floats
    released: Floats
    delivered: Floats
    covered: Floats
    received: Floats

    @classmethod
    def of(cls, stretch: Stretch) -> "_Books":
        """Return what happens to the stock of a stretch."""
        happened, case = stretch.happened, stretch.instance
        stocks = stocks_of(case, happened)
        return cls(
            stretch=stretch,
            on_hand=stocks.stored[:, 0] + idle_stock(stretch)[:, None],
            released=(stocks.released + stocks.drawn)[:, 0],
            delivered=stocks.delivered[:, 0],
            covered=stocks.covered[:, 0],
            received=_received(case, happened),
        )

    def stock(self, m: int, t: int) -> StockInPeriod:
        """Return what becomes of a material in a period of the path."""
        s = t - self.stretch.start
        supplied = float(self.released[m, s] + self.delivered[m, s])
        got = self.received[:, m, s]
        participants = self.stretch.instance.participants
        return StockInPeriod(
            on_hand_tonnes=max(float(self.on_hand[m, s]), 0.0),
            released_tonnes=float(self.released[m, s]),
            delivered_tonnes=float(self.delivered[m, s]),
            covered_tonnes=float(self.covered[m, s]),
            received=tuple(
                Allotment(participant=participants[o].id, tonnes=float(got[o]))
                for o in np.flatnonzero(got > DUST * supplied).tolist()
            ),
        )


def _received(instance: Instance, happened: PlanReplay) -> Floats:
    """Return what each participant gets of releases and contracts, (o, m, t)."""
    recourse = happened.recourse
    shape = (len(instance.participants), *happened.market.market_gap[:, 0].shape)
    received = np.zeros(shape)
    pairs = np.array(happened.market.pairs).reshape(-1, 2)[recourse.gap_pair]
    at = (pairs[:, 0], pairs[:, 1], recourse.gap_t)
    np.add.at(received, at, happened.supply.own + happened.allocation.allocated)
    return received


@dataclass(frozen=True, slots=True)
class _World:
    """What is seen of a path: flows as shares of what is normal, by (m, t)."""

    stretch: Stretch
    cut_routes: Floats
    all_routes: Floats

    @classmethod
    def of(cls, replay: Replay, stretch: Stretch) -> "_World":
        """Return the flows of a replay over all routes, and over those that it cuts."""
        case, need = stretch.instance, stretch.happened.market.total_need
        there = normal_supply(case, stretch.scenario, need)[:, 0]
        normal, left = np.zeros_like(there), np.zeros_like(there)
        for r, route in enumerate(case.routes):
            if any(is_hit(route, x) for x in replay.disruptions):
                m, flow = case.index.material[route.material], np.ones(there.shape[1])
                share = share_of_need(case, route, flow, need[m, 0])
                normal[m] += share
                left[m] += share * stretch.scenario.availability[r, 0]
        cut = np.divide(left, normal, out=np.ones_like(left), where=normal > 0)
        return cls(stretch, np.minimum(cut, 1.0), there)

    def material(
        self, m: int, t: int, books: tuple[_Books, _Books]
    ) -> MaterialInPeriod:
        """Return what happened to a material in a period: as printed, planned again."""
        scenario, market = self.stretch.scenario, self.stretch.happened.market
        printed, again = books
        return MaterialInPeriod(
            material=self.stretch.instance.materials[m].id,
            is_announced=bool(scenario.announced[m, 0, t]),
            alert=int(market.alert[m, 0, t]),
            cut_routes=float(self.cut_routes[m, t]),
            all_routes=float(self.all_routes[m, t]),
            price_usd_per_tonne=float(scenario.price[m, 0, t]),
            need_tonnes=float(market.total_need[m, 0, t]),
            gap_tonnes=float(market.market_gap[m, 0, t]),
            printed=printed.stock(m, t),
            planned_again=again.stock(m, t),
        )
