"""What a plan says about itself, each statement broken alone."""

from typing import Any

import pytest

from tests.optimizer.feasibility.by_hand import broken_rows


@pytest.mark.parametrize(
    ("field", "value", "row"),
    [
        ("instance_id", "another", "instance_id"),
        ("instance_hash", "0" * 64, "instance_hash"),
        ("seed", 2, "seed"),
        ("options", {}, "options"),
        ("number_of_scenarios", 2, "number_of_scenarios"),
    ],
)
def test_sees_a_plan_of_something_else(
    case: dict[str, Any], field: str, value: object, row: str
) -> None:
    """A plan that says it is of another case or options is not this plan."""
    assert broken_rows(case, ("provenance", field), value) == [row]


def test_sees_a_mineral_that_the_case_does_not_leave_out(case: dict[str, Any]) -> None:
    """The plan lists what the case leaves out, and nothing else."""
    note = {"id": "gold", "name": "Gold", "reason": "ample", "known_risk": ""}
    assert broken_rows(case, ("unmodelled",), [note]) == ["unmodelled"]
