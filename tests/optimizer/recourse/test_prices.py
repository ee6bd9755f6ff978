"""Any prices bound the cost of the allocation from below, at any supply."""

from dataclasses import dataclass

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from optimizer.policies.market import observe
from optimizer.recourse.allocation import Supply, allocate
from optimizer.recourse.blocks import Recourse, find_blocks
from optimizer.recourse.prices import PriceBound, price_bound, short_of_shortage
from optimizer.recourse.warm import WarmRecourse
from optimizer.scenarios.scenario_set import Floats
from tests.laws.tiny_cases import LAW, SEEDS
from tests.optimizer.random_cases import random_case, random_scenarios

PERIODS = 4
MILLION = 1e6
FEW = settings(LAW, max_examples=10)


@dataclass(frozen=True)
class Short:
    """The recourse of a drawn case, and its number of scenarios and periods."""

    recourse: Recourse
    shape: tuple[int, int]

    def cost(self, supply: Supply) -> Floats:
        """Return the cheapest cost (w, t) in US dollars."""
        return allocate(self.recourse, supply, self.shape).cost

    def bound(self, found: PriceBound, supply: Supply) -> Floats:
        """Return the bound of the prices on the cost (w, t)."""
        recourse, total = self.recourse, np.zeros(self.shape)
        at_short = found.constant - found.pooled * supply.pooled
        np.add.at(total, (recourse.short_w, recourse.short_t), at_short)
        at_gap = found.own * supply.own
        np.subtract.at(total, (recourse.gap_w, recourse.gap_t), at_gap)
        return total

    def drawn_supply(self, draw: np.random.Generator) -> Supply:
        """Return part of what is missing for each, and something for all."""
        recourse = self.recourse
        own = recourse.gap * draw.choice([0.0, 0.3, 1.0], len(recourse.gap))
        pooled = draw.uniform(0, recourse.gap.max(initial=1.0), len(recourse.short_m))
        return Supply(own, pooled)


def short(seed: int) -> Short:
    """Return the recourse of a case drawn from a seed."""
    instance = random_case(seed, number_of_periods=PERIODS)
    scenarios = random_scenarios(instance, seed)
    recourse = find_blocks(instance, scenarios, observe(instance, scenarios))
    return Short(recourse, (scenarios.number_of_scenarios, PERIODS))


def assert_below(bound: Floats, cost: Floats) -> None:
    """Compare in every scenario and period, up to the digits of the largest cost."""
    assert (bound <= cost + 1e-7 * (1 + np.abs(bound).max())).all()


@FEW
@given(seed=SEEDS, data=st.data())
def test_any_prices_are_a_bound(seed: int, data: st.DataObject) -> None:
    """Weak duality: at any price of a tonne, no supply costs less."""
    case = short(seed)
    prices = data.draw(
        arrays(np.float64, case.recourse.number_of_gaps, elements=st.floats(0, 1e8))
    )
    found = price_bound(case.recourse, prices)
    draw = np.random.default_rng(seed)
    for _ in range(3):
        supply = case.drawn_supply(draw)
        assert_below(case.bound(found, supply), case.cost(supply))


@FEW
@given(seed=SEEDS)
def test_prices_of_a_supply_are_its_cost_and_a_bound_elsewhere(seed: int) -> None:
    """Strong duality where they were found, weak duality at another supply."""
    case, draw = short(seed), np.random.default_rng(seed)
    supply, other = case.drawn_supply(draw), case.drawn_supply(draw)
    warm = WarmRecourse(case.recourse, case.shape[0])
    _, prices = warm.solve(supply.own, supply.pooled)
    found, cost = price_bound(case.recourse, prices), case.cost(supply)
    # By scenario: where a block is degenerate its periods are still separate.
    scale = 1e-6 * (1 + cost.max())
    assert case.bound(found, supply) == pytest.approx(cost, rel=1e-6, abs=scale)
    assert_below(case.bound(found, other), case.cost(other))


def test_prices_of_nothing_bound_nothing() -> None:
    """At a price of 0 the bound is 0 everywhere."""
    recourse = short(0).recourse
    found = price_bound(recourse, np.zeros(recourse.number_of_gaps))
    assert not found.pooled.any()
    assert not found.constant.any()


@pytest.mark.parametrize("seed", range(3))
def test_a_shortage_counts_at_a_material_that_it_saves(seed: int) -> None:
    """Else a bound by sets of materials would put its cost into another block."""
    recourse = short(seed).recourse
    pairs = set(
        zip(
            recourse.coefficient_shortage.tolist(),
            recourse.gap_short[recourse.coefficient_gap].tolist(),
            strict=True,
        )
    )
    found = short_of_shortage(recourse)
    assert pairs
    assert all(pair in pairs for pair in enumerate(found.tolist()))
