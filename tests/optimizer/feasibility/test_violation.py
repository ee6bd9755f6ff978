"""Violations as lines, and comparisons at their tolerance."""

import pytest

from optimizer.feasibility.violation import Violation, at_least, at_most, equal


def test_reads_as_one_line() -> None:
    """A violation has the row, its place, the value found and the one expected."""
    violation = Violation("draw_limit", "loan", 5.5, 5.0, "at most")
    assert str(violation) == "draw_limit [loan]: is 5.5, expected at most 5"


@pytest.mark.parametrize("value", [2.1, float("nan")])
def test_reports_what_is_above(value: float) -> None:
    """What is above a limit by more than the tolerance, or no number, is reported."""
    assert len(list(at_most("row", "here", value, 2.0, 0.05))) == 1


@pytest.mark.parametrize("value", [1.9, float("nan")])
def test_reports_what_is_below(value: float) -> None:
    """What is below a limit by more than the tolerance, or no number, is reported."""
    assert len(list(at_least("row", "here", value, 2.0, 0.05))) == 1


@pytest.mark.parametrize("value", [1.9, 2.1, float("nan")])
def test_reports_what_differs(value: float) -> None:
    """What differs by more than the tolerance, or is no number, is reported."""
    assert len(list(equal("row", "here", value, 2.0, 0.05))) == 1


def test_allows_rounding() -> None:
    """A double's rounding of a large number is no difference."""
    assert list(equal("row", "here", 1e12 + 1e-3, 1e12)) == []
