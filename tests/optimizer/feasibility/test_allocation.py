"""The allocation row by row: each quantity broken alone."""

from dataclasses import replace

import numpy as np
import pytest

from models.reading import read_instance
from optimizer.feasibility import Quantities, check
from tests.cases import Case
from tests.optimizer.feasibility import by_hand

# A wrong quantity also breaks its cost and cover, which other tests check.
COSTS = {"simulated_cost", "expected_cost", "cvar", "objective"}
SHORTFALLS = {"shortfall_uncovered", "shortfall_unused"}


@pytest.mark.parametrize(
    ("field", "position", "change", "rows"),
    [
        ("allocated", 0, -0.01, {"gap_cover"}),
        ("allocated", 0, +0.01, {"pool_allocation"}),
        ("allocated", 0, np.nan, {"gap_cover", "pool_allocation", "allocation_sign"}),
        ("emergency", 1, -0.01, {"gap_cover"}),
        ("emergency", 1, +0.01, {"emergency_supply"}),
        ("shortage", 3, -1.0, {"gap_cover"}),
        ("shortage", 0, +1.0, {"shortage_limit"}),
    ],
)
def test_sees_a_wrong_quantity(
    case: Case, field: str, position: int, change: float, rows: set[str]
) -> None:
    """A quantity that is too small or too large leaves the rows that bound it."""
    right = by_hand.quantities()
    values = getattr(right, field).copy()
    values[position] += change
    found = _rows(case, replace(right, **{field: values}))
    assert found - COSTS - SHORTFALLS == rows


@pytest.mark.parametrize(
    ("field", "row"),
    [
        ("allocated", "allocation_sign"),
        ("emergency", "emergency_sign"),
        ("shortage", "shortage_sign"),
    ],
)
def test_sees_a_quantity_below_zero(case: Case, field: str, row: str) -> None:
    """Nothing negative can be allocated, bought or left unmade."""
    right = by_hand.quantities()
    values = getattr(right, field).copy()
    values[0] = -0.5
    assert row in _rows(case, replace(right, **{field: values}))


def test_names_the_place(case: Case) -> None:
    """A row that is left names participant, material, scenario and period."""
    right = by_hand.quantities()
    short = replace(right, emergency=np.array([0.02, 0.0]))
    instance = read_instance(case)
    found = check(instance, by_hand.scenarios(instance), by_hand.plan(instance), short)
    assert str(found[0]) == (
        "gap_cover [maker, gallium, w=0, t=2]: is 0.78, expected at least 0.8"
    )


def test_sees_a_tonne_that_goes_outside(case: Case) -> None:
    """The maker of the table is no member, and gets what the pool releases."""
    other = {"id": "other", "name": "Other", "priority_class": "civil"}
    case["participants"].append(other)
    case["membership"] = {"members": ["other"]}
    assert "members_only" in _rows(case, by_hand.quantities())


def _rows(case: Case, quantities: Quantities) -> set[str]:
    instance = read_instance(case)
    plan, scenarios = by_hand.plan(instance), by_hand.scenarios(instance)
    found = check(instance, scenarios, plan, quantities)
    return {violation.row for violation in found}
