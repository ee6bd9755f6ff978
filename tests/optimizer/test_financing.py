"""Balances, fees and premia by hand arithmetic."""

from typing import Any

import numpy as np
import pytest

from models.instance import Instance
from models.material import Material
from models.reading import read_instance
from optimizer.financing import (
    balances,
    capital,
    debt,
    financing_costs,
    net_financing,
    premium,
)
from tests import cases
from tests.cases import Case, instalments

MILLION = 1e6


def financed(case: Case, *facilities: Case) -> Instance:
    """Return a case of four years with these facilities."""
    case["horizon"] = cases.horizon(4, period_days=365.25)
    case["financing"] = {"facilities": list(facilities)}
    return read_instance(case)


def facility(**terms: Any) -> Case:  # noqa: ANN401 - any field of it
    """Return a loan of up to $100 million without interest or fees."""
    return cases.facility(limit_usd=100 * MILLION) | terms


def draws(*series: list[float]) -> np.ndarray:
    """Return draws in US dollars from millions (f, t)."""
    return MILLION * np.array(series)


def test_the_exposure_fee_of_a_term_sheet(tiny_case: Case) -> None:
    """EXIM, 13 December 2023: 12.4648 % of $151.25 million is $18.853 million."""
    beta = facility(limit_usd=151.25 * MILLION, exposure_fee=0.124648)
    instance = financed(tiny_case, beta)
    costs = financing_costs(instance, draws([151.25, 0, 0, 0]))
    assert costs[0] == pytest.approx(18.853 * MILLION, abs=500)
    assert costs[1:] == pytest.approx([0, 0, 0])


@pytest.mark.parametrize(
    ("terms", "drawn", "costs"),
    [
        # 10 % of each draw when it is drawn.
        ({"exposure_fee": 0.1}, [20, 0, 50, 0], [2, 0, 5, 0]),
        # 0.5 % a year of 100, 70 and 40 million, after the draw of the year.
        ({"commitment_fee_per_year": 0.005}, [0, 30, 30, 0], [0.5, 0.35, 0.2, 0.2]),
        # 0.5 % of 100 and 70 million until the year of the last draw.
        (
            {"commitment_fee_per_year": 0.005, "last_draw_period": 1},
            [0, 30, 0, 0],
            [0.5, 0.35, 0, 0],
        ),
        # What was drawn and repaid does not count as undrawn.
        (
            {"commitment_fee_per_year": 0.005, **instalments(1, 3)},
            [100, 0, 0, 0],
            [0, 0, 0, 0],
        ),
        # Interest of 5 % on balances of 30, 90, 60 and 30 million.
        (
            {"rate_per_year": 0.05, **instalments(2, 3)},
            [30, 60, 0, 0],
            [1.5, 4.5, 3, 1.5],
        ),
    ],
)
def test_the_costs_of_a_loan(
    tiny_case: Case, terms: Case, drawn: list[float], costs: list[float]
) -> None:
    """Fees and interest by year, in millions."""
    found = financing_costs(financed(tiny_case, facility(**terms)), draws(drawn))
    assert found / MILLION == pytest.approx(costs)


def test_instalments_are_equal_parts_of_all_draws(tiny_case: Case) -> None:
    """30 + 60 million in three instalments from the third year on: 30 are left."""
    loan = facility(**instalments(2, 3))
    owed = balances(financed(tiny_case, loan), draws([30, 60, 0, 0]))
    assert owed[0] == pytest.approx([30e6, 90e6, 60e6, 30e6])


def test_net_financing_adds_up_all_flows(tiny_case: Case) -> None:
    """Draws less fee, interest and instalment, summed over the years."""
    loan = facility(rate_per_year=0.1, exposure_fee=0.02, **instalments(1, 2))
    net = net_financing(financed(tiny_case, loan), draws([50, 0, 0, 0]))
    # +50 - 1 - 5 = 44; then -25 - 2.5; then -25; then nothing.
    assert net == pytest.approx([44e6, 16.5e6, -8.5e6, -8.5e6])


def test_debt_and_capital_are_separate(tiny_case: Case) -> None:
    """Loans add up to debt, capital lines to capital; a bullet stays until the end."""
    lines = (
        facility(),
        facility(id="second"),
        facility(id="equity", kind="equity"),
    )
    instance = financed(tiny_case, *lines)
    drawn = draws([10, 0, 0, 0], [0, 20, 0, 0], [5, 0, 0, 7])
    assert debt(instance, drawn) == pytest.approx([10e6, 30e6, 30e6, 30e6])
    assert capital(instance, drawn) == pytest.approx([5e6, 5e6, 5e6, 12e6])


def test_without_facilities_there_is_nothing_to_pay(tiny_case: Case) -> None:
    """No facility: no debt, no capital, no cost."""
    instance = financed(tiny_case)
    nothing = np.zeros((0, 4))
    assert net_financing(instance, nothing) == pytest.approx([0] * 4)
    assert debt(instance, nothing) == pytest.approx([0] * 4)
    assert capital(instance, nothing) == pytest.approx([0] * 4)


@pytest.mark.parametrize(
    ("tonnes", "paid"),
    [
        # Blocks of 10 t at 2 %, 20 t at 5 %, the last one open at 10 %; $1,000 a tonne.
        (0, 0),
        (10, 200),
        (25, 200 + 750),
        (30, 200 + 1000),
        (50, 200 + 1000 + 2000),
        (100, 200 + 1000 + 7000),
    ],
)
def test_premia_fill_blocks(tiny_case: Case, tonnes: float, paid: float) -> None:
    """Each tonne pays the premium of its block; the last block has no end."""
    instance = financed(tiny_case)
    blocks = [
        {"tonnes_per_year": 10.0, "premium": 0.02},
        {"tonnes_per_year": 20.0, "premium": 0.05},
        {"tonnes_per_year": 5.0, "premium": 0.1},
    ]
    material = Material.model_validate(
        tiny_case["materials"][0] | {"price_impact": blocks}
    )
    found = premium(instance, material, np.array([float(tonnes)]), np.array([1000.0]))
    assert found == pytest.approx([paid])


def test_blocks_are_as_wide_as_the_period_is_long(tiny_case: Case) -> None:
    """In a month a block of 12 t a year takes 1 t; no blocks, no premium."""
    instance = read_instance(tiny_case)
    blocks = [
        {"tonnes_per_year": 12.0, "premium": 0.0},
        {"tonnes_per_year": 12.0, "premium": 0.5},
    ]
    plain = instance.materials[0]
    material = plain.model_validate(plain.model_dump() | {"price_impact": blocks})
    tonnes, price = np.array([1.0, 3.0]), np.array([100.0, 200.0])
    assert premium(instance, material, tonnes, price) == pytest.approx([0, 200])
    assert premium(instance, plain, tonnes, price) == pytest.approx([0, 0])


def test_interest_is_by_the_days_of_the_month(tiny_case: Case) -> None:
    """12 months of 2027 are 365 of 365.25 days, and February has 28 of them."""
    loan = facility(rate_per_year=0.1)
    tiny_case["financing"] = {"facilities": [loan]}
    drawn = np.zeros((1, 12))
    drawn[0, 0] = 50e6
    tiny_case["horizon"] = cases.horizon(12, period="month", start="2027-01-01")
    costs = financing_costs(read_instance(tiny_case), drawn)
    assert costs[1] == pytest.approx(5e6 * 28 / 365.25)
    assert costs.sum() == pytest.approx(5e6 * 365 / 365.25)
    tiny_case["horizon"] = cases.horizon(1, period="year", start="2027-01-01")
    assert financing_costs(read_instance(tiny_case), drawn[:, :1]) == pytest.approx(
        [costs.sum()]
    )


def test_a_commitment_fee_is_by_the_days_of_the_month(tiny_case: Case) -> None:
    """Of $60 m that are not drawn 2 % a year, for the 31 and 28 days of the window."""
    tiny_case["financing"] = {
        "facilities": [
            facility(limit_usd=60e6, commitment_fee_per_year=0.02, last_draw_period=1)
        ]
    }
    tiny_case["horizon"] = cases.horizon(3, period="month", start="2027-01-01")
    costs = financing_costs(read_instance(tiny_case), np.zeros((1, 3)))
    assert costs == pytest.approx([1.2e6 * 31 / 365.25, 1.2e6 * 28 / 365.25, 0])
