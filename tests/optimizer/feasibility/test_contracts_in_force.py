"""A contract in force in a plan: printed as such, not paid for again, its cap counted.

The plan worked out by hand, in a case whose contract was signed before the start and
has paid back 3,000 of 7,000 dollars this year: 4,000 are left for period 1, none for 2.

  dollars         t=0     t=1     t=2     t=3
  contract    -10,000   4,000       0 -10,000
  more cash     5,000   4,000   2,000   2,000   (than as signed at the start)
"""

from typing import Any

import pytest

from models.plan import Plan
from models.reading import read_instance
from optimizer.feasibility import check
from tests.cases import Case
from tests.optimizer.feasibility import by_hand

MORE_CASH = (5_000.0, 4_000.0, 2_000.0, 2_000.0)
PRINTED = {"expected_cost_usd": 16_000.0, "is_in_force": True}
TABLE = ["expected_cash", "lowest_cash"]


def broken_rows(
    case: Case,
    *,
    printed: Case | None = PRINTED,
    more_cash: tuple[float, ...] = MORE_CASH,
) -> list[str]:
    """Return what the plan breaks if it prints so of the contract, and so much cash."""
    there = {"contract": "offtake", "paid_back_usd": 3_000.0}
    instance = read_instance(case | {"position": {"contracts": [there]}})
    content: Any = by_hand.plan(instance).model_dump()
    content["contracts"] = [
        content["contracts"][0] | x for x in (printed,) if x is not None
    ]
    for period, more in zip(content["financing"], more_cash, strict=True):
        period["expected_cash_usd"] += more
        period["lowest_cash_usd"] += more
    plan = Plan.model_validate(content)
    scenarios = by_hand.scenarios(instance)
    found = check(instance, scenarios, plan, by_hand.quantities())
    return [violation.row for violation in found]


def test_a_plan_that_has_the_contract(case: Case) -> None:
    """Nothing is broken."""
    assert broken_rows(case) == []


@pytest.mark.parametrize(
    ("changes", "rows"),
    [
        ({"printed": PRINTED | {"is_in_force": False}}, ["contract_in_force"]),
        ({"printed": PRINTED | {"expected_cost_usd": 18_000.0}}, ["contract_cost"]),
        ({"more_cash": (0.0,) * 4}, TABLE * 4),
        # Without its fees and 0.1 t a period, costs and cash are others too.
        ({"printed": None}, ["contracts"]),
    ],
)
def test_sees_a_contract_that_is_taken_for_new(
    case: Case, changes: dict[str, Any], rows: list[str]
) -> None:
    """Whichever figure is wrong, or if it is cancelled."""
    assert broken_rows(case, **changes)[: len(rows)] == rows


def test_a_contract_is_not_in_force_without_a_position(case: Case) -> None:
    """A plan that says so of a contract that it signs is wrong."""
    path = ("contracts", 0, "is_in_force")
    assert by_hand.broken_rows(case, path, value=True) == ["contract_in_force"]
