"""Limits on what is held, bought, drawn and owed, each tightened alone."""

import pytest

from tests import cases
from tests.cases import Case, changed
from tests.optimizer.feasibility.by_hand import PERIODS_A_YEAR, Path, broken_rows

TAKEN_FROM_CHINA = 0.8 * 0.2 * PERIODS_A_YEAR
TABLE = ["expected_cash", "lowest_cash"] * 4


@pytest.mark.parametrize(
    ("path", "value", "rows"),
    [
        # 1.2 t are 36 days of cover.
        ("materials.0.minimum_days_of_cover", 36.1, ["minimum_cover"]),
        # 1.2 t do not fit where 1.1 t do.
        ("storage_classes.0.capacity_tonnes", 1.1, ["storage_capacity"]),
        # 500,000 of debt on 200,000 of capital are 2.5, in two of the four periods.
        ("financing.debt_to_equity_limit", 2.4, ["debt_to_equity"] * 2),
        # Stock of 550,000 and cash of 160,400 cover 500,000 of debt 1.42 times.
        ("financing.collateral_cover", 1.43, ["collateral"]),
        # Without the opening 50,000 the last period ends at -13,180.
        ("financing.opening_cash_usd", 0.0, ["cash_nonnegative", *TABLE, "budget"]),
    ],
)
def test_sees_a_limit_just_below_what_the_plan_needs(
    case: Case, path: str, value: float, rows: list[str]
) -> None:
    """The rows of the limit, and what follows from it, are all that is broken."""
    assert broken_rows(changed(case, {path: value})) == rows


def test_sees_an_origin_beyond_its_cap(case: Case) -> None:
    """Four fifths of planned buying are Chinese, though all could be German."""
    german = cases.sourcing("german", origins=["DEU"])
    changes = {"materials.0.origin_share_cap": 0.79, "sourcing_options+": german}
    assert broken_rows(changed(case, changes)) == ["origin_cap"]


def test_a_guaranteed_loan_needs_no_cover(case: Case) -> None:
    """The same plan, whose only loan somebody else pays back."""
    loans = case["financing"]["facilities"]
    for loan in loans:
        loan["guaranteed"] = loan["kind"] == "loan"
    assert broken_rows(changed(case, {"financing.collateral_cover": 1.43})) == []


@pytest.mark.parametrize(
    ("china", "broken"),
    [
        # In period 0 B plans 0.1 t and R may buy back 0.1 t, four fifths from China.
        (TAKEN_FROM_CHINA, []),
        (0.99 * TAKEN_FROM_CHINA, ["route_capacity"]),
    ],
)
def test_sees_more_bought_over_a_route_than_it_has(
    case: Case, china: float, broken: list[str]
) -> None:
    """The route states what the vault may take of it in a year."""
    for route, tonnes in zip(case["routes"], (china, china / 4), strict=True):
        route["vault_tonnes_per_year"] = tonnes
    found = {row for row in broken_rows(case) if row == "route_capacity"}
    assert sorted(found) == broken


@pytest.mark.parametrize(
    ("facility", "field", "value", "row"),
    [
        (0, "limit_usd", 499_000.0, "draw_limit"),
        (1, "first_draw_period", 1, "draw_window"),
    ],
)
def test_sees_a_limit_of_a_facility(
    case: Case, facility: int, field: str, value: float, row: str
) -> None:
    """A draw that a facility's terms do not allow is seen first."""
    case["financing"]["facilities"][facility][field] = value
    assert broken_rows(case)[0] == row


@pytest.mark.parametrize(
    ("period", "draw_usd", "row"),
    [
        (2, 1_000.0, "draw_window"),  # the loan can be drawn up to period 1
        (1, -1_000.0, "draw_sign"),  # it is paid back by instalments
    ],
)
def test_sees_a_wrong_draw(case: Case, period: int, draw_usd: float, row: str) -> None:
    """Nothing is drawn after the window, and nothing negative."""
    path: Path = ("financing", period, "draws_usd", "loan")
    assert row in broken_rows(case, path, draw_usd)


@pytest.mark.parametrize(
    ("field", "lots", "row"),
    [
        ("minimum_lots", 3, "minimum_award"),  # the menu begins at five lots
        ("maximum_lots", 1, "maximum_award"),  # the menu ends at one lot
    ],
)
def test_sees_an_excluded_award(case: Case, field: str, lots: int, row: str) -> None:
    """An award of two lots is too small or too large, and not on the menu."""
    case["entitlement_offers"][0][field] = lots
    assert set(broken_rows(case)) == {row, "level"}


def test_sees_more_released_than_loaded_out(case: Case) -> None:
    """The rules may release 1.18 t at once; a store of 0.9 t a period cannot."""
    case["storage_classes"][0]["outload_tonnes_per_day"] = 0.9 / 30
    assert "outload_limit" in broken_rows(case)


def test_sees_more_bought_than_the_market_bears(case: Case) -> None:
    """A market of 40 t a year has 3.3 t a period, not 4 t for one tranche's refill."""
    refill: Path = ("levels", 0, "tranches", 0, "steps", 2)
    path = (*refill, "replenishment_tonnes_per_period")
    assert broken_rows(case, path, 4.0) == ["replenishment", "market_capacity"]


def test_sees_an_origin_that_is_not_eligible(case: Case) -> None:
    """A contract may not deliver from a country that the vault may not buy from."""
    assert "eligibility" in broken_rows(case, ineligible=("DEU",))
