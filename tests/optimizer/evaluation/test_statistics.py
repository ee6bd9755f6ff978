"""Mean, CVaR and the stratified interval against other ways to compute them."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats

from optimizer.evaluation.statistics import confidence_interval, cvar, mean

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


def test_interval_of_one_stratum_is_students() -> None:
    """Without strata it is the textbook interval of a mean."""
    costs = np.array([3.0, 5.0, 4.0, 9.0, 1.0])
    found = confidence_interval(costs, np.full(5, 0.2), np.zeros(5, dtype=np.int64))
    expected = stats.t.interval(0.95, 4, costs.mean(), stats.sem(costs))
    assert found == pytest.approx(expected)


def test_interval_of_two_strata() -> None:
    """Variance is sum of P^2 s^2 / n; strata of 60 % and 40 %, n = 3 and 2."""
    costs = np.array([1.0, 2.0, 3.0, 10.0, 20.0])
    probability = np.array([0.2, 0.2, 0.2, 0.2, 0.2])
    # s^2 = 1 and 50: 0.36 / 3 + 0.16 x 50 / 2 = 4.12, with 2 + 1 degrees of freedom.
    half = stats.t.ppf(0.975, 3) * np.sqrt(4.12)
    low, high = confidence_interval(costs, probability, np.array([0, 0, 0, 1, 1]))
    assert (low, high) == pytest.approx((7.2 - half, 7.2 + half))


def test_a_stratum_of_one_scenario_joins_its_neighbour() -> None:
    """Its variance is not 0 but that of both together."""
    costs = np.array([1.0, 2.0, 30.0])
    probability = np.full(3, 1 / 3)
    apart = confidence_interval(costs, probability, np.array([0, 0, 1]))
    together = confidence_interval(costs, probability, np.array([0, 0, 0]))
    assert apart == pytest.approx(together)


def test_one_scenario_says_nothing_of_the_rest() -> None:
    """The interval has no end, unless there is nothing to lose."""
    one, stratum = np.ones(1), np.zeros(1, dtype=np.int64)
    assert confidence_interval(7 * one, one, stratum) == (0.0, float("inf"))
    assert confidence_interval(0 * one, one, stratum) == (0.0, 0.0)


def test_the_interval_holds_the_true_mean_as_often_as_it_says() -> None:
    """Of 400 stratified samples of known mean about 95 % do."""
    draw = np.random.default_rng(5)
    stratum = np.repeat([0, 1], [10, 20])
    probability = np.repeat([0.7 / 10, 0.3 / 20], [10, 20])
    truth = 0.7 * 10 + 0.3 * 50
    hits = 0
    for _ in range(400):
        costs = np.where(stratum == 0, draw.normal(10, 3, 30), draw.normal(50, 20, 30))
        low, high = confidence_interval(costs, probability, stratum)
        hits += low <= truth <= high
    # Standard error of the share: sqrt(0.95 x 0.05 / 400) = 1.1 %.
    assert hits / 400 == pytest.approx(0.95, abs=0.035)
