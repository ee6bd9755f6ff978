"""Rights in force in a plan: held as they are, not paid for, and no fee twice.

The plan worked out by hand, in which its right of 0.2 t was awarded before the start.
"""

from typing import Any

import pytest

from models.plan import Plan
from models.reading import read_instance
from optimizer.feasibility import check
from optimizer.policies.policy_text import policy_text
from tests import cases
from tests.cases import Case
from tests.optimizer.feasibility import by_hand

BOUGHT, UPFRONT = 0.2 * 500_000.0, 2_000.0
IN_FORCE = {"held_tonnes": 0.2, "drawn_tonnes": 0.0}
RIGHT: Case = {"offer": "makers-right", "lots": 2, "sourcing": "in-place"}


def broken_rows(case: Case, award: Case, right: Case, *, cash_usd: float) -> list[str]:
    """Return what the plan breaks, with another award; its cash is that much higher."""
    lot = cases.stock_lot("lot", 0.2, right="makers-right")
    instance = read_instance(case | {"position": {"stock": [lot], "rights": [right]}})
    content: Any = by_hand.plan(instance).model_dump(mode="json")
    level = content["levels"][0]
    level["cost_usd"] -= BOUGHT
    for route, part in zip(level["purchases"], (0.8, 0.2), strict=True):
        route["tonnes"] = part * 1.0
    content["awards"][0] |= award
    for period in content["financing"]:
        period["expected_cash_usd"] += cash_usd
        period["lowest_cash_usd"] += cash_usd
    for tranche, x in zip(
        Plan.model_validate(content).tranches(), level["tranches"], strict=True
    ):
        x["text"] = policy_text(instance, tranche)
    plan = Plan.model_validate(content)
    scenarios = by_hand.scenarios(instance)
    found = check(instance, scenarios, plan, by_hand.quantities())
    return [violation.row for violation in found]


def test_a_plan_that_honours_the_right(case: Case) -> None:
    """Nothing is broken: its stock is not paid for, nor is the upfront fee."""
    award = {"upfront_fee_usd": 0.0, "in_force": IN_FORCE}
    assert broken_rows(case, award, RIGHT, cash_usd=BOUGHT - UPFRONT) == []


def test_sees_stock_that_is_paid_for_again(case: Case) -> None:
    """Cash is too low by what it cost before."""
    award = {"upfront_fee_usd": 0.0, "in_force": IN_FORCE}
    found = broken_rows(case, award, RIGHT, cash_usd=-UPFRONT)
    assert found == ["expected_cash", "lowest_cash"] * 4


def test_sees_an_upfront_fee_that_is_charged_again(case: Case) -> None:
    """It was paid when the right was awarded."""
    award = {"upfront_fee_usd": UPFRONT, "in_force": IN_FORCE}
    found = broken_rows(case, award, RIGHT, cash_usd=BOUGHT)
    assert set(found) == {"award_fee", "expected_cash", "lowest_cash"}


def test_sees_carrying_fees_that_are_paid_already(case: Case) -> None:
    """The fee of the first 30 days is 400 dollars on what is held."""
    award = {"upfront_fee_usd": 0.0, "in_force": IN_FORCE}
    right = RIGHT | {"fees_paid_until": "2026-01-31"}
    # The right draws 0.08 t a month, so 0.2 t are there at the end of the first one.
    paid = 0.2 * 10_000.0
    assert (
        broken_rows(case, award, right, cash_usd=BOUGHT - UPFRONT)
        == ["expected_cash", "lowest_cash"] * 4
    )
    assert broken_rows(case, award, right, cash_usd=BOUGHT - UPFRONT - paid) == []


@pytest.mark.parametrize(
    ("award", "right", "rows"),
    [
        ({}, {}, ["in_force"]),
        ({"in_force": IN_FORCE | {"held_tonnes": 0.1}}, {}, ["right_stock"]),
        ({"in_force": IN_FORCE | {"drawn_tonnes": 0.1}}, {}, ["right_drawn"]),
        ({"in_force": IN_FORCE}, {"lots": 3}, ["level", "right_lots"]),
    ],
)
def test_sees_another_right_than_that_in_force(
    case: Case, award: Case, right: Case, rows: list[str]
) -> None:
    """One that is not said to be in force, has other stock, or another size."""
    found = broken_rows(
        case,
        {"upfront_fee_usd": 0.0} | award,
        RIGHT | right,
        cash_usd=BOUGHT - UPFRONT,
    )
    assert set(found) == set(rows)


def test_sees_a_right_in_force_that_is_not_held(case: Case) -> None:
    """It is there in every plan, whatever it is worth."""
    position = {"rights": [RIGHT]}
    instance = read_instance(case | {"position": position})
    content: Any = by_hand.plan(instance).model_dump(mode="json")
    content["levels"][0]["tranches"].pop()
    content["awards"] = []
    found = check(
        instance,
        by_hand.scenarios(instance),
        Plan.model_validate(content),
        by_hand.quantities(),
    )
    assert {"in_force", "one_policy"} <= {violation.row for violation in found}
