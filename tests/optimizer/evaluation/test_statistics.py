"""Mean, CVaR, intervals and quantiles against other ways to compute them."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import stats

from optimizer.evaluation.statistics import (
    LEVELS,
    confidence_interval,
    cvar,
    fan,
    mean,
    quantiles,
    scenarios_needed,
)

SEEDS = st.integers(0, 2**32 - 1)


def drawn(seed: int, number: int = 12) -> tuple[np.ndarray, np.ndarray]:
    """Return costs and probabilities of some scenarios."""
    draw = np.random.default_rng(seed)
    return draw.gamma(1.0, 100.0, number), draw.dirichlet(np.ones(number))


def test_mean() -> None:
    """0.25 x 8 + 0.75 x 4 = 5."""
    assert mean(np.array([8.0, 4.0]), np.array([0.25, 0.75])) == 5


@given(seed=SEEDS, level=st.floats(0, 0.99))
def test_cvar_is_the_least_of_rockafellar_and_uryasev(seed: int, level: float) -> None:
    """CVaR is the minimum over eta of eta + E[(cost - eta)+] / (1 - level)."""
    costs, probability = drawn(seed)
    excess = np.maximum(costs[:, None] - costs, 0.0)
    values = costs + probability @ excess / (1 - level)
    # The function is convex and piecewise linear with its corners at the costs.
    assert cvar(costs, probability, level) == pytest.approx(values.min())


def test_cvar_takes_part_of_a_scenario() -> None:
    """The worst 30 %: 10 % at 100, 20 % of the 50 % at 40."""
    costs, probability = np.array([40.0, 100.0, 0.0]), np.array([0.5, 0.1, 0.4])
    assert cvar(costs, probability, 0.7) == pytest.approx((0.1 * 100 + 0.2 * 40) / 0.3)


@given(seed=SEEDS)
def test_cvar_of_everything_is_the_mean(seed: int) -> None:
    """Level 0 leaves nothing out, and no level is below the mean."""
    costs, probability = drawn(seed)
    expected = mean(costs, probability)
    assert cvar(costs, probability, 0.0) == pytest.approx(expected)
    assert cvar(costs, probability, 0.9) >= expected - 1e-9


def test_the_interval_is_students_on_batch_means() -> None:
    """Two scenarios a batch, of equal weight: means 4, 8 and 3."""
    values = np.array([3.0, 5.0, 7.0, 9.0, 1.0, 5.0])
    batch = np.array([0, 0, 1, 1, 2, 2])
    means = np.array([4.0, 8.0, 3.0])
    found = confidence_interval(values, np.full(6, 1 / 6), batch)
    expected = stats.t.interval(0.95, 2, means.mean(), stats.sem(means))
    assert found == pytest.approx(expected)


def test_probabilities_count_within_a_batch() -> None:
    """0.75 x 2 + 0.25 x 10 = 4 and 0.75 x 6 + 0.25 x 2 = 5; half = t x 0.5."""
    values, batch = np.array([2.0, 10.0, 6.0, 2.0]), np.array([0, 0, 1, 1])
    probability = np.array([0.375, 0.125, 0.375, 0.125])
    half = stats.t.ppf(0.975, 1) * 0.5
    found = confidence_interval(values, probability, batch)
    assert found == pytest.approx((4.5 - half, 4.5 + half))


def test_one_batch_says_nothing_of_the_rest() -> None:
    """There is no interval, and no number of scenarios for a precision."""
    assert confidence_interval(np.ones(3), np.full(3, 1 / 3), np.zeros(3, int)) is None
    assert scenarios_needed(None, 3, 0.1) is None


@pytest.mark.parametrize(
    ("interval", "needed"),
    [
        ((80.0, 120.0), 400),  # 20 % wide on 100; 10 % takes four times as many
        ((99.5, 100.5), 1),  # 100 x (0.005 / 0.1)^2 is less than one
        ((-5.0, 5.0), None),  # of a mean of 0 no share is anything
    ],
)
def test_scenarios_needed(interval: tuple[float, float], needed: int | None) -> None:
    """The width falls with the root of the number."""
    assert scenarios_needed(interval, 100, 0.1) == needed


LAW = settings(max_examples=30, deadline=None)


def counted(values: list[float], probability: list[float], level: float) -> float:
    """Return the least value whose probability of not being exceeded is the level."""
    reached = 0.0
    for value, weight in sorted(zip(values, probability, strict=True)):
        reached += weight
        if reached >= level - 1e-12:
            return value
    return max(values)


@LAW
@given(seed=st.integers(0, 2**32 - 1))
def test_quantiles_are_what_counting_gives(seed: int) -> None:
    """In each period on its own, whatever the probabilities."""
    draw = np.random.default_rng(seed)
    number = int(draw.integers(1, 40))
    values = draw.normal(size=(number, 3)).round(1)
    probability = draw.dirichlet(np.ones(number))
    found = quantiles(values, probability, LEVELS)
    for i, level in enumerate(LEVELS):
        expected = [
            counted(values[:, t].tolist(), probability.tolist(), level)
            for t in range(3)
        ]
        assert found[i] == pytest.approx(expected)


def test_a_rare_scenario_weighs_little() -> None:
    """Nine tenths of the probability are one scenario: it is the median, not the 95th.

    Counted by scenarios the median of 1, 2 and 3 would be 2.
    """
    found = fan(np.array([[1.0], [2.0], [3.0]]), np.array([0.9, 0.02, 0.08]))
    (of_period,) = found.periods
    assert of_period is not None
    assert (of_period.p50, of_period.p75, of_period.p95) == (1.0, 1.0, 3.0)


def test_a_period_without_a_value_is_null() -> None:
    """A ratio to a debt of 0 is no number."""
    found = fan(np.ones((2, 2)), np.full(2, 0.5), np.array([False, True]))
    assert found.periods[0] is None
    assert found.periods[1] is not None
