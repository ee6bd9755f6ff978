"""Weighted quantiles, by counting probability."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from optimizer.evaluation.fans import LEVELS, fan, quantiles

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
