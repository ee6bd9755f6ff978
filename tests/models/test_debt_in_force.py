"""Debt of before the start: what is wrong with it, and how it is paid back."""

import pytest

from models.case_warnings import warnings_of
from models.debt_in_force import (
    balances_in_force,
    room_in_force_usd,
    swept_at_once_usd,
)
from models.reading import InvalidCaseError, read_instance
from tests import cases
from tests.cases import Case, changed

RULE = {"drawn": "when_needed", "rate_per_year": 0.05}


def owing(case: Case, *debts: Case) -> Case:
    """Return a case whose facilities lent something before."""
    return case | {"position": {"debt": list(debts)}}


def debt(facility: str = "loan", **terms: object) -> Case:
    """Return a million that a facility lent before."""
    return {"facility": facility, "drawn_usd": 1e6} | terms


def mistakes_in(case: Case) -> dict[str, str]:
    """Return what was expected, by place."""
    with pytest.raises(InvalidCaseError) as caught:
        read_instance(case)
    return {mistake.path: mistake.expected for mistake in caught.value.mistakes}


def test_all_mistakes_in_debt_are_found_at_once(tiny_case: Case) -> None:
    """The loan may lend 5 million more, the third one 2 million at a time."""
    facilities = tiny_case["financing"]["facilities"]
    facilities.append(
        cases.facility("line", limit_usd=2e6, rate_per_year=0.05, drawn="revolving")
    )
    found = mistakes_in(
        owing(
            tiny_case,
            debt("nobody"),
            debt(agreed_usd=5.5e6, accrued_usd=1.0),
            debt("capital", repaid_usd=2e6),
            debt("capital"),
            debt(
                "line", drawn_usd=3e6, repayment_start_period=1, number_of_instalments=2
            ),
        )
    )
    assert set(found) == {
        "position.debt[nobody].facility",
        "position.debt[loan].drawn_usd",
        "position.debt[loan].accrued_usd",
        "position.debt[capital].repaid_usd",
        "position.debt",
        "position.debt[line].drawn_usd",
        "position.debt[line].repayment_start_period",
    }
    assert found["position.debt"] == "to be listed once, found 2 times"
    assert found["position.debt[loan].drawn_usd"].startswith("at most 500000")


def test_negative_debt_and_half_a_schedule_are_mistakes(tiny_case: Case) -> None:
    """Both are named, with their places."""
    found = mistakes_in(
        owing(tiny_case, debt(drawn_usd=-1.0), debt(number_of_instalments=2))
    )
    assert set(found) == {"position.debt[0].drawn_usd", "position.debt[1]"}


def test_a_balance_falls_by_equal_instalments(tiny_case: Case) -> None:
    """Half a million is left, and paid back in two halves from period 1 on."""
    terms: Case = {
        "repaid_usd": 5e5,
        "repayment_start_period": 1,
        "number_of_instalments": 2,
    }
    for more, balances in (
        (terms, [5e5, 2.5e5, 0.0, 0.0]),
        ({}, [1e6] * 4),
    ):
        case = read_instance(owing(tiny_case, debt(**more)))
        assert balances_in_force(case.position.debt[0], 4) == balances


def test_a_revolving_facility_is_paid_back_at_once(tiny_case: Case) -> None:
    """It stays no debt of its own, so it leaves the multiple of capital alone."""
    loan = tiny_case["financing"]["facilities"][0]
    loan |= {"drawn": "revolving", "rate_per_year": 0.05}
    tiny_case["financing"]["debt_to_equity_limit"] = 2.0
    case = read_instance(owing(tiny_case, debt(), debt("capital", drawn_usd=4e5)))
    assert swept_at_once_usd(case) == 1e6
    assert room_in_force_usd(case) == pytest.approx(8e5)


def test_capital_of_before_leaves_room_for_debt(tiny_case: Case) -> None:
    """The least of all periods: twice the capital, less what is still owed."""
    tiny_case["financing"]["debt_to_equity_limit"] = 2.0
    instalments: Case = {"repayment_start_period": 1, "number_of_instalments": 4}
    debts = (debt(drawn_usd=6e5, **instalments), debt("capital", drawn_usd=4e5))
    assert room_in_force_usd(read_instance(owing(tiny_case, *debts))) == 2e5
    assert room_in_force_usd(read_instance(tiny_case)) == 0


def test_a_multiple_that_debt_just_keeps_is_kept(tiny_case: Case) -> None:
    """2.3 times 100,000 is a little less than 230,000 in floating point."""
    tiny_case["financing"] |= {"debt_to_equity_limit": 2.3}
    tiny_case["financing"]["facilities"][0] |= RULE
    debts = (debt(drawn_usd=230_000.0), debt("capital", drawn_usd=100_000.0))
    case = read_instance(owing(tiny_case, *debts))
    assert room_in_force_usd(case) < 0


def test_the_rule_calls_no_capital_for_debt_of_before(tiny_case: Case) -> None:
    """Too much of it for its multiple is a mistake; a schedule can call some."""
    tiny_case["financing"]["debt_to_equity_limit"] = 2.0
    case = owing(tiny_case, debt())
    assert read_instance(case).position.debt
    ruled = changed(case, {f"financing.facilities.0.{x}": y for x, y in RULE.items()})
    assert set(mistakes_in(ruled)) == {"financing.debt_to_equity_limit"}


def test_debt_that_is_paid_back_is_warned_of(tiny_case: Case) -> None:
    """Nothing of it is owed."""
    case = read_instance(owing(tiny_case, debt(repaid_usd=1e6)))
    path = "position.debt[loan].repaid_usd"
    assert path in {warning.path for warning in warnings_of(case)}
