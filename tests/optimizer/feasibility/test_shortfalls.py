"""The list of what stays short, each figure broken alone."""

from typing import Any

import pytest

from tests.optimizer.feasibility.by_hand import broken_rows


@pytest.mark.parametrize(
    ("field", "value", "row"),
    [
        ("name", "Gold", "shortfall_name"),
        ("days_of_cover", 30.0, "shortfall_cover"),
        ("gap_tonnes", 1.5, "shortfall_gap"),
        ("released_tonnes", 0.9, "shortfall_released"),
        ("unused_tonnes", 0.1, "shortfall_unused"),
        ("uncovered_tonnes", 0.4, "shortfall_uncovered"),
        ("probability_of_gap", 0.5, "shortfall_probability"),
    ],
)
def test_sees_a_wrong_shortfall(
    case: dict[str, Any], field: str, value: object, row: str
) -> None:
    """A figure of the list that nothing bears out is the only thing wrong."""
    assert broken_rows(case, ("shortfalls", 0, field), value) == [row]


def test_sees_an_incomplete_list(case: dict[str, Any]) -> None:
    """A material that the list leaves out is missed."""
    assert broken_rows(case, ("shortfalls",), []) == ["shortfalls"]
