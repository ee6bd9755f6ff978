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


def test_a_point_in_by_tolerance_keeps_its_proof() -> None:
    """The bound of whole lots is above it, that of the relaxation is not."""
    best = Incumbent(None, 90.0)
    best.prove_whole(110.0, is_presolved=False)
    assert best.lower_bound_usd == 110
    best.offer(point(100.0))
    assert best.lower_bound_usd == 100
    assert best.gap == 0


def test_a_bound_above_the_cost_is_none_after_presolve() -> None:
    """Presolve may have discarded the optimum; a bound below the cost is taken."""
    best = Incumbent(point(100.0), 90.0)
    best.prove_whole(110.0, is_presolved=True)
    assert best.lower_bound_usd == 90
    best.prove_whole(95.0, is_presolved=True)
    assert best.lower_bound_usd == 95


def test_no_cost_is_no_gap() -> None:
    """A millionth of a dollar is none where a billion may be lost."""
    best = Incumbent(point(1e-6), 0.0, no_cost_usd=1.0)
    assert best.gap == 0
