"""Figures that change over the horizon."""

import pytest
from pydantic import TypeAdapter, ValidationError

from models.time_path import Ramp, TimePath, fraction_in, value_in


def path(*points: tuple[int, float]) -> TimePath:
    """Return a path through points."""
    listed = [{"period": period, "value": value} for period, value in points]
    return TypeAdapter[TimePath](TimePath).validate_python(listed)


@pytest.mark.parametrize(
    ("t", "value"), [(0, -40), (2, -40), (3, -20), (4, 0), (6, 10), (8, 20), (30, 20)]
)
def test_points_are_joined_by_lines(t: int, value: float) -> None:
    """Constant before the first and after the last: -40, 0 and 20 in 2, 4 and 8."""
    assert value_in(path((2, -40), (4, 0), (8, 20)), t) == pytest.approx(value)


def test_without_a_ramp_all_is_there() -> None:
    """The fraction is 1."""
    assert fraction_in((), 3) == 1
    assert fraction_in(path((5, 0.2)), 3) == 0.2


def test_periods_rise_and_fractions_are_fractions() -> None:
    """Each mistake is named."""
    with pytest.raises(ValidationError, match=r"periods are \[3, 3\]"):
        path((3, 0.1), (3, 0.2))
    wrong = [{"period": 3, "value": 1.5}]
    with pytest.raises(ValidationError, match=r"value 1.5 in period 3, expected 0 to"):
        TypeAdapter[Ramp](Ramp).validate_python(wrong)
