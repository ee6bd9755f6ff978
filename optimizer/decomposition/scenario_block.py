"""A block of scenarios: costs, cuts, cash and cash rows of trial points there.

A block is built from the case and its scenarios alone, so any worker can build it.
Money is in millions of US dollars.
"""

from collections import deque
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_array

from models.instance import Instance
from optimizer.decomposition.cash import CashFlows
from optimizer.decomposition.clusters import MaterialSet, material_sets
from optimizer.decomposition.earnings import turned_to
from optimizer.decomposition.technology_matrix import (
    TechnologyMatrix,
    expected_money_of,
)
from optimizer.point import TrialPoint
from optimizer.problem import discount_factors, first_stage_problem, recourse_of
from optimizer.recourse.blocks import Recourse
from optimizer.recourse.prices import PriceBound, price_bound
from optimizer.recourse.programs import MILLION
from optimizer.recourse.warm import MOST_IN_SOLVERS, WarmRecourse
from optimizer.scenarios.scenario_set import Floats, ScenarioSet

Positions = NDArray[np.int64]
MOST_PRICES = 6


@dataclass(frozen=True, slots=True)
class GapPrices:
    """The price of a tonne in each gap, in today's US dollars.

    places are each gap's position in pairs, scenario and period (3, gap).
    """

    pairs: tuple[tuple[int, int], ...]
    places: Positions
    prices: NDArray[np.float32]


@dataclass(frozen=True, slots=True)
class BlockCuts:
    """cost >= constant + gradient @ trial vector, by cluster or by scenario."""

    constant: Floats
    gradient: csr_array


class ScenarioBlock:
    """Some of the scenarios of a case, with their probabilities among all.

    most_in_solvers is as in `WarmRecourse`. money is what candidates and contracts
    are expected to earn in these scenarios.

    The blocks of a Recourse are other ones: components of materials.
    """

    def __init__(
        self,
        instance: Instance,
        scenarios: ScenarioSet,
        most_in_solvers: int = MOST_IN_SOLVERS,
    ) -> None:
        problem = first_stage_problem(instance, scenarios)
        recourse = recourse_of(problem)
        self._recourse = _discounted(recourse, instance)
        self._probability = scenarios.probability
        self._sets = material_sets(self._recourse)
        self._cluster = np.zeros(len(self._recourse.short_m), dtype=np.int64)
        self._number_of_clusters = 1
        self._effects = TechnologyMatrix(problem, recourse)
        self.money = self._effects.money
        self._warm = WarmRecourse(
            self._recourse, scenarios.number_of_scenarios, most_in_solvers
        )
        self._cash = CashFlows(problem)
        self._problem = problem
        self._instance = instance
        self._scenarios = scenarios
        self._shape = scenarios.price.shape[1:]
        self._bound: PriceBound | None = None
        self._pairs = problem.market.pairs
        gaps = self._recourse
        self._places = np.stack([gaps.gap_pair, gaps.gap_w, gaps.gap_t])
        self.prices: deque[GapPrices] = deque(maxlen=MOST_PRICES)

    def turn_to(self, instance: Instance) -> None:
        """Change to a case with the same cuts, in which cash flows may differ."""
        if instance != self._instance:
            self._instance = instance
            self._problem, kept = turned_to(self._problem, instance)
            self._cash = self._cash.turned_to(self._problem, kept)
            self.money = expected_money_of(self._problem, self.money, kept)

    def inherit(self, prices: Sequence[GapPrices]) -> list[BlockCuts]:
        """Return cuts by cluster from the prices of another case, without solving.

        Any prices give valid cuts, whatever the cases have in common; a gap without a
        price gets the highest of its pair.
        """
        cuts: list[BlockCuts] = []
        for known in prices:
            self._bound = price_bound(self._recourse, self._read(known))
            cuts.append(self.cluster_cuts())
        return cuts

    def start(self) -> tuple[Floats, dict[MaterialSet, float]]:
        """Return the cost without any supply, by scenario and by material set."""
        cost = self.costs(self._effects.nothing())
        return cost, self._sets.weights(self._weights() * self._prices().constant)

    def assign(self, cluster_of: Mapping[MaterialSet, int], number: int) -> None:
        """Set the clusters; sets that are not named share the last one."""
        self._cluster = self._sets.clusters(cluster_of, number - 1)
        self._number_of_clusters = number
        self._effects.sort_by(self._cluster)

    def costs(self, trial: TrialPoint) -> Floats:
        """Return the discounted cost of a trial point by scenario (w)."""
        own, pooled = self._effects.supply(trial)
        cost, prices = self._warm.solve(own, pooled)
        self._bound = price_bound(self._recourse, prices)
        self.prices.append(self._written(prices))
        return cost

    def cluster_cuts(self) -> BlockCuts:
        """Return cuts of the expected cost by cluster, tight at the last trial."""
        bound, weights = self._prices(), self._weights()
        constant = np.zeros(self._number_of_clusters)
        np.add.at(constant, self._cluster, weights * bound.constant)
        gradient = self._effects.gradient(
            self._own_weights() * bound.own,
            weights * bound.pooled,
            self._number_of_clusters,
        )
        return BlockCuts(constant, gradient)

    def scenario_cuts(self, chosen: Sequence[int]) -> BlockCuts:
        """Return cuts of the cost of some scenarios, tight at the last trial point."""
        bound = self._prices()
        by_scenario = np.zeros(len(self._probability))
        np.add.at(by_scenario, self._recourse.short_w, bound.constant)
        gradient = self._effects.scenario_gradient(
            bound.own / MILLION, bound.pooled / MILLION, chosen
        )
        return BlockCuts(by_scenario[list(chosen)] / MILLION, gradient)

    def cash(self, trial: TrialPoint) -> tuple[Floats, Floats]:
        """Return cash flow up to each period and stock value (w, t)."""
        return self._cash.of(trial)

    def cash_rows(self, chosen: Sequence[tuple[int, int]]) -> tuple[Floats, Floats]:
        """Return cash flow and stock value of each column at some (t, w)."""
        return self._cash.rows(chosen)

    def tangents(
        self, chosen: Sequence[tuple[int, int, tuple[float, ...]]]
    ) -> tuple[Floats, Floats]:
        """Return weighted cash flow and stock value of each column, as `CashFlows`."""
        return self._cash.tangents(chosen)

    def _written(self, prices: Floats) -> GapPrices:
        """Return prices by participant, material, scenario and period."""
        return GapPrices(self._pairs, self._places, prices.astype(np.float32))

    def _read(self, known: GapPrices) -> Floats:
        """Return prices of another case as prices of this block's gaps."""
        places = self._places
        number = {pair: i for i, pair in enumerate(self._pairs)}
        moved = np.array([number.get(pair, -1) for pair in known.pairs], dtype=np.int64)
        pair = moved[known.places[0]]
        there = pair >= 0
        wide = np.full((len(self._pairs), *self._shape), np.nan)
        highest = np.zeros(len(self._pairs))
        np.maximum.at(highest, pair[there], known.prices[there])
        w, t = known.places[1][there], known.places[2][there]
        inside = (w < self._shape[0]) & (t < self._shape[1])
        wide[pair[there][inside], w[inside], t[inside]] = known.prices[there][inside]
        found = wide[places[0], places[1], places[2]]
        return np.where(np.isnan(found), highest[places[0]], found)

    def _prices(self) -> PriceBound:
        if self._bound is None:
            msg = "no trial point was evaluated, expected one before cuts are made"
            raise ValueError(msg)
        return self._bound

    def _weights(self) -> Floats:
        """Return probability by short material, for a dollar in millions."""
        return self._probability[self._recourse.short_w] / MILLION

    def _own_weights(self) -> Floats:
        return self._probability[self._recourse.gap_w] / MILLION


def _discounted(recourse: Recourse, instance: Instance) -> Recourse:
    """Return the recourse with discounted costs, so that a scenario's costs add up."""
    discount = discount_factors(instance)
    products = recourse.products
    shortage_t = products.t[recourse.shortage_entry]
    return replace(
        recourse,
        emergency_cost=recourse.emergency_cost * discount[recourse.gap_t],
        shortage_cost=recourse.shortage_cost * discount[shortage_t],
    )
