"""Free stock in a plan: it is there, is not paid for, and each lot is said once.

The plan worked out by hand, with its 0.8 t of tranche A as free stock instead.
"""

from typing import Any

import pytest

from models.plan import Plan
from models.reading import read_instance
from optimizer.feasibility import check
from optimizer.feasibility.lots import lots_of
from optimizer.policies.policy_text import policy_text
from tests import cases
from tests.cases import Case
from tests.optimizer.feasibility import by_hand

BOUGHT = 0.8 * 500_000.0
LOTS = (
    cases.stock_lot("first", 0.6, book_value_usd=240_000.0),
    cases.stock_lot("second", 0.4),
)
# 0.8 t of the 1 t that is there: four fifths of each lot.
HELD: list[Case] = [
    {
        "lot": "first",
        "tonnes": 0.48,
        "left_tonnes": 0.12,
        "book_value_usd": 192_000.0,
    },
    {"lot": "second", "tonnes": 0.32, "left_tonnes": 0.08, "book_value_usd": 0.0},
]


def with_stock(case: Case, *lots: Case) -> Case:
    """Return the case with the lots and the option that takes them."""
    held = cases.sourcing("held", is_held=True)
    options = [*case["sourcing_options"], held]
    return case | {"sourcing_options": options, "position": {"stock": list(lots)}}


def broken_rows(case: Case, held: list[Case], *, cash_usd: float = BOUGHT) -> list[str]:
    """Return what a plan with tranche A from stock breaks; cash is that much higher."""
    instance = read_instance(case)
    content: Any = by_hand.plan(instance).model_dump()
    level = content["levels"][0]
    level["tranches"][0]["sourcing"] = "held"
    level["held"] = held
    level["cost_usd"] -= BOUGHT
    for route, part in zip(level["purchases"], (0.8, 0.2), strict=True):
        route["tonnes"] = part * 0.4
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


def test_a_plan_that_takes_what_is_there(case: Case) -> None:
    """Nothing is broken: the money that stock of 0.8 t cost before is still there."""
    assert broken_rows(with_stock(case, *LOTS), HELD) == []


def test_sees_stock_that_is_paid_for_again(case: Case) -> None:
    """The cash of the plan that bought it is too low by all that it cost."""
    found = broken_rows(with_stock(case, *LOTS), HELD, cash_usd=0.0)
    assert found == ["expected_cash", "lowest_cash"] * 4


def test_sees_more_than_there_is(case: Case) -> None:
    """0.8 t of lots that are 0.6 t: a row, and no part of any lot."""
    held = [HELD[0] | {"tonnes": 0.8, "left_tonnes": 0.0, "book_value_usd": 320_000.0}]
    found = broken_rows(with_stock(case, LOTS[0]), held)
    assert found == ["held_stock", "lot_left"]


@pytest.mark.parametrize(
    ("held", "rows"),
    [
        ([], ["held_lots", "held_tonnes"]),
        ([HELD[0], HELD[0], HELD[1]], ["held_lots", "held_tonnes"]),
        (
            [HELD[0] | {"tonnes": 0.4}, HELD[1]],
            ["held_tonnes", "lot_tonnes", "lot_left"],
        ),
        ([HELD[0] | {"left_tonnes": 0.0}, HELD[1]], ["lot_left"]),
        ([HELD[0] | {"book_value_usd": 240_000.0}, HELD[1]], ["lot_book_value"]),
    ],
)
def test_sees_a_lot_that_is_not_said_once(
    case: Case, held: list[Case], rows: list[str]
) -> None:
    """Tonnes and money of the position are neither left out nor counted twice."""
    assert broken_rows(with_stock(case, *LOTS), held) == rows


def test_sees_a_tranche_of_stock_that_is_not_there(case: Case) -> None:
    """Then the plan cannot be followed at all."""
    assert broken_rows(with_stock(case), []) == ["sourcing"]


@pytest.mark.parametrize(
    ("arrival", "is_good"),
    [
        # Periods of 30 days; 100 days and one and a half of rounding.
        ("2025-10-22", True),  # 71 + 30
        ("2025-10-21", False),  # 72 + 30
        ("2026-01-01", True),
    ],
)
def test_counts_what_has_not_expired(
    case: Case, arrival: str, *, is_good: bool
) -> None:
    """A lot that is too old before the first period is over is gone."""
    case["materials"][0]["shelf_life_days"] = 100
    raw = with_stock(case, cases.stock_lot("lot", 1.0, arrival=arrival))
    instance = read_instance(raw)
    assert bool(lots_of(instance, instance.materials[0])) is is_good
