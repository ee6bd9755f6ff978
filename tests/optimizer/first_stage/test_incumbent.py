"""The incumbent and the bound only get better."""

import numpy as np
import pytest

from optimizer.first_stage.incumbent import Incumbent
from optimizer.point import Point


def point(cost: float) -> Point:
    """Return a point of some cost."""
    return Point((), np.zeros(0), np.zeros((0, 0)), cost, cost)


def test_without_a_point_the_gap_is_infinite() -> None:
    """There is a bound and no point."""
    best = Incumbent(None, 90.0)
    assert best.upper_bound_usd == float("inf")
    assert best.gap == float("inf")


def test_a_better_point_is_taken() -> None:
    """120 after none, 100 after 120."""
    best = Incumbent(None, 90.0)
    assert best.offer(point(120.0))
    assert best.offer(point(100.0))
    assert best.upper_bound_usd == 100
    assert best.gap == pytest.approx(0.1)


@pytest.mark.parametrize("cost", [100.0, 101.0])
def test_a_point_that_is_no_better_is_left(cost: float) -> None:
    """So is no point at all."""
    best = Incumbent(point(100.0), 90.0)
    assert not best.offer(point(cost))
    assert not best.offer(None)
    assert best.upper_bound_usd == 100
