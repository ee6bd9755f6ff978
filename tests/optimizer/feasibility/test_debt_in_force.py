"""Debt of before the start in a plan: interest, instalments, covers, all counted.

The plan worked out by hand, in a case whose loan is owed 30,000 dollars at the start,
to be paid back in three parts from period 1 on, at 1 % a period.

  dollars       t=0      t=1      t=2      t=3
  owed       30,000   20,000   10,000        0
  interest      300      200      100        0
  paid          300   10,500   20,600   30,600   (with instalments, in sum)
"""

from typing import Any

import pytest

from models.plan import Plan
from models.reading import read_instance
from optimizer.feasibility import check
from tests.cases import Case, changed
from tests.optimizer.feasibility import by_hand

OWED = (30_000.0, 20_000.0, 10_000.0, 0.0)
INTEREST = (300.0, 200.0, 100.0, 0.0)
PAID = (300.0, 10_500.0, 20_600.0, 30_600.0)
NOTHING = (0.0, 0.0, 0.0, 0.0)
DEBT = {
    "facility": "loan",
    "drawn_usd": 50_000.0,
    "repaid_usd": 20_000.0,
    "repayment_start_period": 1,
    "number_of_instalments": 3,
}
TABLE = ["expected_cash", "lowest_cash"]


def broken_rows(
    case: Case,
    *,
    owed: tuple[float, ...] = OWED,
    interest: tuple[float, ...] = INTEREST,
    paid: tuple[float, ...] = PAID,
) -> list[str]:
    """Return what the plan breaks with these figures of the debt in its table."""
    instance = read_instance(case | {"position": {"debt": [DEBT]}})
    content: Any = by_hand.plan(instance).model_dump()
    for t, period in enumerate(content["financing"]):
        period["balances_usd"]["loan"] += owed[t]
        period["interest_and_fees_usd"] += interest[t]
        period["expected_cash_usd"] -= paid[t]
        period["lowest_cash_usd"] -= paid[t]
    plan = Plan.model_validate(content)
    scenarios = by_hand.scenarios(instance)
    found = check(instance, scenarios, plan, by_hand.quantities())
    return [violation.row for violation in found]


def test_a_plan_that_pays_for_the_debt(case: Case) -> None:
    """Nothing is broken."""
    assert broken_rows(case) == []


@pytest.mark.parametrize(
    ("changes", "rows"),
    [
        ({"owed": NOTHING}, ["balance"] * 3),
        ({"interest": NOTHING}, ["fees"] * 3),
        ({"paid": NOTHING}, TABLE * 4),
    ],
)
def test_sees_a_figure_without_the_debt(
    case: Case, changes: dict[str, tuple[float, ...]], rows: list[str]
) -> None:
    """What is owed, what it costs and what is paid are each missed where left out."""
    assert broken_rows(case, **changes) == rows


@pytest.mark.parametrize(
    ("path", "value", "rows"),
    [
        # 530,000 of debt on 200,000 of capital are 2.65, then 2.6.
        ("financing.debt_to_equity_limit", 2.62, ["debt_to_equity"]),
        # Stock of 550,000 and cash of 160,100 cover 530,000 of debt 1.34 times.
        ("financing.collateral_cover", 1.35, ["collateral"]),
        # The last instalment leaves 6,220 of cash.
        (
            "financing.opening_cash_usd",
            43_000.0,
            ["cash_nonnegative", *TABLE * 4, "budget"],
        ),
    ],
)
def test_debt_counts_in_every_limit(
    case: Case, path: str, value: float, rows: list[str]
) -> None:
    """Each of them just too tight for old and new debt together."""
    assert broken_rows(changed(case, {path: value})) == rows
