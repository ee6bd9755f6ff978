"""Warnings about a plan: each has its reason, and a sound plan has none."""

from collections.abc import Mapping

import pytest

from models.plan_warnings import plan_warnings
from models.reading import read_instance
from tests.cases import Case, changed
from tests.plans import empty_plan


@pytest.mark.parametrize(
    ("changes", "reason"),
    [
        ({"financing.facilities": []}, "the cheapest lot is 0.1 t of gallium for"),
        ({"materials.0.lot_tonnes": 2.0}, "every lot is larger than the highest"),
        ({}, "that value is of a part of a lot, and no whole lot avoids more"),
    ],
)
def test_a_plan_that_holds_nothing_has_its_reason(
    tiny_case: Case, changes: Mapping[str, object], reason: str
) -> None:
    """No lot can be paid for, or fits the menu, or is worth it; none without worth."""
    instance = read_instance(changed(tiny_case, changes))
    plan = empty_plan(instance, budget_shadow_price=1.5)
    (found,) = plan_warnings(instance, plan)
    assert found.startswith("nothing is held, although the next dollar avoids $1.50: ")
    assert reason in found
    worthless = empty_plan(instance, budget_shadow_price=0.004)
    assert plan_warnings(instance, worthless) == ()
    assert plan_warnings(instance, empty_plan(instance)) == ()
