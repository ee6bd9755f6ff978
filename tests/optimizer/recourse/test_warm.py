"""Warm programs cost what cold ones cost, whatever they were solved for before."""

import numpy as np
import pytest
from hypothesis import given

from optimizer.recourse.allocation import Supply, allocate
from optimizer.recourse.blocks import nothing_short
from optimizer.recourse.programs import programs, useful_shortages
from optimizer.recourse.units import recourse_units
from optimizer.recourse.warm import MOST_IN_SOLVERS, WarmRecourse
from tests.laws.tiny_cases import LAW, SEEDS
from tests.optimizer.recourse.test_prices import MILLION, short


@pytest.mark.parametrize("most_in_solvers", [-1, 0, MOST_IN_SOLVERS])
@LAW
@given(seed=SEEDS)
def test_warm_programs_cost_what_cold_ones_do(most_in_solvers: int, seed: int) -> None:
    """Supplies one after another, also back to the first one.

    Programs share one solver, all but one of them do, or none.
    """
    case, draw = short(seed), np.random.default_rng(seed)
    warm = WarmRecourse(case.recourse, case.shape[0], most_in_solvers)
    supplies = [case.drawn_supply(draw) for _ in range(4)]
    for supply in [*supplies, supplies[0]]:
        cost, _ = warm.solve(supply.own, supply.pooled)
        expected = case.cost(supply).sum(axis=1)
        scale = 1e-6 * (1 + expected.max())
        assert cost * MILLION == pytest.approx(expected, rel=1e-6, abs=scale)


@LAW
@given(seed=SEEDS)
def test_prices_are_never_negative(seed: int) -> None:
    """A tonne more is never worth less than nothing."""
    case = short(seed)
    supply = case.drawn_supply(np.random.default_rng(seed))
    warm = WarmRecourse(case.recourse, case.shape[0])
    _, prices = warm.solve(supply.own, supply.pooled)
    assert (prices >= 0).all()
    assert prices.any()


def test_more_than_is_missing_costs_nothing() -> None:
    """Gaps that are overfull take nothing from others, and no cost is below 0."""
    case = short(1)
    warm = WarmRecourse(case.recourse, case.shape[0])
    pooled = np.zeros(len(case.recourse.short_m))
    cost, prices = warm.solve(2 * case.recourse.gap, pooled)
    assert cost == pytest.approx(0, abs=1e-9)
    assert prices == pytest.approx(0, abs=1e-6)


def test_a_world_without_shortage_has_no_program() -> None:
    """Its cost is 0 in every scenario."""
    empty = nothing_short()
    assert list(programs(empty, 3, recourse_units(empty))) == []
    cost, prices = WarmRecourse(empty, 3).solve(np.zeros(0), np.zeros(0))
    assert cost.tolist() == [0, 0, 0]
    assert len(prices) == 0


@LAW
@given(seed=SEEDS)
def test_shortages_left_out_are_never_used(seed: int) -> None:
    """The cheapest allocation without any supply needs none of them."""
    recourse, shape = short(seed).recourse, short(seed).shape
    nothing = Supply(np.zeros(recourse.number_of_gaps), np.zeros(len(recourse.short_m)))
    used = allocate(recourse, nothing, shape).shortage
    left_out = ~useful_shortages(recourse)
    assert used[left_out] == pytest.approx(0, abs=1e-6)
