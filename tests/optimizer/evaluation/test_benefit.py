"""Avoided shortage cost, cost of holding, net benefit and ratio over scenarios."""

import numpy as np
import pytest

from optimizer.evaluation.benefit import benefit_of, estimate

EQUAL = np.full(4, 0.25)
FOUR = np.arange(4)
ONE = np.zeros(4, dtype=np.int64)


def test_the_interval_of_the_net_benefit_is_that_of_pairs() -> None:
    """Where both move together, the difference is certain."""
    avoided = np.array([5.0, 7.0, 9.0, 11.0])
    found = benefit_of(avoided, avoided - 4, EQUAL, FOUR)
    assert found.net_benefit_usd.mean == pytest.approx(4)
    assert found.net_benefit_usd.confidence_interval == pytest.approx((4, 4))
    assert found.avoided_usd == estimate(avoided, EQUAL, FOUR)


def test_a_fixed_ratio_is_certain() -> None:
    """Its interval comes from what each scenario avoids beyond the ratio."""
    cost = np.array([1.0, 2.0, 3.0, 2.0])
    found = benefit_of(3 * cost, cost, EQUAL, FOUR).benefit_cost_ratio
    assert found is not None
    assert found.mean == pytest.approx(3)
    assert found.confidence_interval == pytest.approx((3, 3))


def test_a_known_cost_leaves_the_interval_of_what_is_avoided() -> None:
    """Divided by that cost."""
    avoided, cost = np.array([5.0, 7.0, 9.0, 11.0]), np.full(4, 2.0)
    found = benefit_of(avoided, cost, EQUAL, FOUR)
    low, high = found.avoided_usd.confidence_interval or (0.0, 0.0)
    assert found.benefit_cost_ratio is not None
    interval = found.benefit_cost_ratio.confidence_interval
    assert interval == pytest.approx((low / 2, high / 2))


@pytest.mark.parametrize("cost", [0.0, -1.0])
def test_what_does_not_cost_has_no_ratio(cost: float) -> None:
    """Nor has a cost whose interval reaches 0."""
    avoided, held = np.full(4, 5.0), np.full(4, cost)
    assert benefit_of(avoided, held, EQUAL, FOUR).benefit_cost_ratio is None
    unsure = np.array([-3.0, 4.0, -3.0, 4.0])
    assert benefit_of(avoided, unsure, EQUAL, FOUR).benefit_cost_ratio is None


def test_few_scenarios_have_no_intervals() -> None:
    """Of one batch only the means are known."""
    found = benefit_of(np.full(4, 6.0), np.full(4, 2.0), EQUAL, ONE)
    assert found.benefit_cost_ratio is not None
    assert found.benefit_cost_ratio.mean == pytest.approx(3)
    assert found.benefit_cost_ratio.confidence_interval is None
    assert found.net_benefit_usd.confidence_interval is None
