"""The whole check, on the plan that is worked out by hand."""

from typing import Any

from tests.optimizer.feasibility.by_hand import broken_rows


def test_accepts_the_plan_worked_out_by_hand(case: dict[str, Any]) -> None:
    """Nothing is wrong with a plan whose every number was worked out by hand."""
    assert broken_rows(case) == []
