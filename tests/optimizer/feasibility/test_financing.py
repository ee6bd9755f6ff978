"""Draws, covenants, cash and the printed table, each broken alone."""

from typing import Any

import pytest

from tests.optimizer.feasibility.by_hand import Path, broken_rows

FIRST: Path = ("financing", 0)


@pytest.mark.parametrize(
    ("path", "value", "row"),
    [
        (("balances_usd", "loan"), 400_000.0, "balance"),
        (("interest_and_fees_usd",), 19_000.0, "fees"),
        (("expected_cash_usd",), 160_000.0, "expected_cash"),
        (("lowest_cash_usd",), 160_000.0, "lowest_cash"),
    ],
)
def test_sees_a_wrong_figure_of_the_table(
    case: dict[str, Any], path: Path, value: float, row: str
) -> None:
    """A figure that does not follow from the draws is the only thing wrong."""
    assert broken_rows(case, (*FIRST, *path), value) == [row]


@pytest.mark.parametrize(
    ("facility", "field", "value", "row"),
    [
        (0, "limit_usd", 499_000.0, "draw_limit"),
        (1, "first_draw_period", 1, "draw_window"),
    ],
)
def test_sees_a_limit_of_a_facility(
    case: dict[str, Any], facility: int, field: str, value: float, row: str
) -> None:
    """A draw that a facility's terms do not allow is seen first."""
    case["financing"]["facilities"][facility][field] = value
    assert broken_rows(case)[0] == row


def test_sees_a_draw_after_the_window(case: dict[str, Any]) -> None:
    """The loan can be drawn up to period 1, not in period 2."""
    rows = broken_rows(case, ("financing", 2, "draws_usd", "loan"), 1_000.0)
    assert "draw_window" in rows


def test_sees_a_draw_below_zero(case: dict[str, Any]) -> None:
    """A loan is paid back by instalments, never by a negative draw."""
    rows = broken_rows(case, ("financing", 1, "draws_usd", "loan"), -1_000.0)
    assert "draw_sign" in rows


def test_sees_too_much_debt(case: dict[str, Any]) -> None:
    """500,000 of debt on 200,000 of capital are 2.5, in two of the four periods."""
    case["financing"]["debt_to_equity_limit"] = 2.4
    assert broken_rows(case) == ["debt_to_equity"] * 2


def test_sees_too_little_collateral(case: dict[str, Any]) -> None:
    """Stock of 550,000 and cash of 160,400 cover 500,000 of debt 1.42 times."""
    case["financing"]["collateral_cover"] = 1.43
    assert broken_rows(case) == ["collateral"]


def test_sees_cash_below_zero(case: dict[str, Any]) -> None:
    """Without the opening 50,000 the last period ends at -13,180."""
    case["financing"]["opening_cash_usd"] = 0.0
    rows = broken_rows(case)
    table = ["expected_cash", "lowest_cash"] * 4
    assert rows == ["cash_nonnegative", *table, "budget"]


@pytest.mark.parametrize(
    ("section", "field"),
    [
        ("storage_classes", "insurance_rate_per_year"),
        ("storage_classes", "cost_usd_per_tonne_year"),
        ("contracts", "signing_cost_usd"),
        ("contracts", "floor_usd_per_tonne"),
        ("entitlement_offers", "carrying_fee_usd_per_tonne_year"),
        ("entitlement_offers", "upfront_fee_usd_per_tonne"),
    ],
)
def test_follows_every_payment(case: dict[str, Any], section: str, field: str) -> None:
    """Without one of the payments the printed cash balance is wrong."""
    case[section][0][field] = 0.0
    assert "expected_cash" in broken_rows(case)


def test_follows_what_own_buying_does_to_the_price(case: dict[str, Any]) -> None:
    """Without premia on own buying the printed cash balance and the cost are wrong."""
    case["materials"][0]["price_impact"] = []
    table = ["expected_cash", "lowest_cash"] * 4
    assert broken_rows(case) == ["level_cost", *table]
