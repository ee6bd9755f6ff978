"""Interest, fees and instalments by period, by hand and by published terms."""

import numpy as np
import pytest

from models.financing_view import SchedulePeriod
from models.reading import read_instance
from optimizer.evaluation.financing_schedule import debt_service, schedule
from tests import cases
from tests.cases import Case, facility, instalments

MILLION = 1e6


def scheduled(
    case: Case, draws: list[list[float]], *facilities: Case
) -> tuple[SchedulePeriod, ...]:
    """Return the schedule of yearly draws from these facilities."""
    case["horizon"] = cases.horizon(len(draws[0]), period_days=365.25)
    case["financing"] |= {"facilities": list(facilities)}
    return schedule(read_instance(case), np.array(draws))


@pytest.mark.parametrize(
    ("financed", "fee", "published"),
    [
        # Beta Technologies, 13 December 2023; ESS Tech, 1 November 2024: term sheets
        # of the EXIM Bank, filed with the SEC.
        (151.25, 0.124648, 18.853),
        (20.0, 0.12425, 2.485),
    ],
)
def test_the_exposure_fee_is_that_of_published_loans(
    tiny_case: Case, financed: float, fee: float, published: float
) -> None:
    """A share of what is disbursed, when it is disbursed."""
    loan = facility(exposure_fee=fee)
    half = financed * MILLION / 2
    rows = scheduled(tiny_case, [[half, half, 0.0]], loan)
    fees = [x.exposure_fees_usd / MILLION for x in rows]
    assert fees == pytest.approx([published / 2, published / 2, 0], abs=1e-3)


def test_the_commitment_fee_is_on_what_is_undrawn(tiny_case: Case) -> None:
    """Half a per cent a year of both sheets, on 20 less 5, then 8, until period 1."""
    loan = facility(
        limit_usd=20 * MILLION, commitment_fee_per_year=0.005, last_draw_period=1
    )
    rows = scheduled(tiny_case, [[5 * MILLION, 3 * MILLION, 0.0]], loan)
    assert [x.commitment_fees_usd for x in rows] == pytest.approx([75_000, 60_000, 0])


def test_loans_are_served_and_capital_is_paid_apart(tiny_case: Case) -> None:
    """100 at 5 % in halves from year 1, and 20 of capital at 10 %, back in year 2."""
    # Instalments repay equal parts of all draws, so these come before.
    loan = facility(rate_per_year=0.05, **instalments(1, 2))
    capital = facility("capital", kind="equity", rate_per_year=0.1, **instalments(2, 1))
    tiny_case["financing"]["debt_to_equity_limit"] = 6.0
    rows = scheduled(tiny_case, [[100.0, 0, 0], [20.0, 0, 0]], loan, capital)
    assert [x.debt_usd for x in rows] == pytest.approx([100, 50, 0])
    assert [x.interest_usd for x in rows] == pytest.approx([5, 2.5, 0])
    assert [x.repayments_usd for x in rows] == pytest.approx([0, 50, 50])
    assert [x.debt_service_usd for x in rows] == pytest.approx([5, 52.5, 50])
    assert [x.return_on_capital_usd for x in rows] == pytest.approx([2, 2, 0])
    assert [x.capital_returned_usd for x in rows] == pytest.approx([0, 0, 20])
    assert [x.debt_to_equity for x in rows] == [5.0, 2.5, None]
    assert [x.debt_headroom_usd for x in rows] == pytest.approx([20, 70, 0])


def test_draws_and_balances_are_named(tiny_case: Case) -> None:
    """Both are by facility; without a limit there is no headroom."""
    rows = scheduled(
        tiny_case, [[1.0, 2.0], [0.0, 4.0]], facility(), facility("second")
    )
    assert rows[1].draws_usd == {"loan": 2.0, "second": 4.0}
    assert rows[1].balances_usd == {"loan": 3.0, "second": 4.0}
    assert rows[1].debt_headroom_usd is None


def test_a_case_without_loans_has_no_service(tiny_case: Case) -> None:
    """Capital is not debt."""
    case = tiny_case | {"financing": {"facilities": [facility(kind="equity")]}}
    due = debt_service(read_instance(case), np.full((1, 4), 1e6))
    assert due.tolist() == [0, 0, 0, 0]
