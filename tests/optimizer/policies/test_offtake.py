"""Offtake contracts on the published terms of two deals, by hand arithmetic."""

from typing import Any

import pytest

from optimizer.policies.offtake import OfftakeResponse
from tests.cases import Case
from tests.optimizer.policies.published_terms import JARE, MP, responses


def signed(
    case: Case,
    terms: Case,
    prices: list[float],
    **further: Any,  # noqa: ANN401 - passed on
) -> OfftakeResponse:
    """Return what one contract does at these prices, a kg, period by period."""
    return responses(case, [terms], prices, **further)[0]


@pytest.mark.parametrize(
    ("price", "flow"),
    [
        # Resold at the market, so the floor costs (110 - price) x 5,000 t.
        (80.0, -150e6),
        (110.0, 0.0),
        (150.0, 0.0),
        # 30 % of (price - 150) x 5,000,000 kg: $1.5 million for each dollar.
        (152.0, 3e6),
        (156.66, 9.99e6),
        # The cap binds from 150 + 10e6 / (0.3 x 5e6) = $156.67 a kg on.
        (156.67, 10e6),
        (200.0, 10e6),
    ],
)
def test_the_jare_terms(tiny_case: Case, price: float, flow: float) -> None:
    """The buyer bears the floor and gets back the capped upside."""
    response = signed(tiny_case, JARE, [price])
    assert response.delivered[0] == pytest.approx([5000])
    assert response.cash_flow[0] == pytest.approx([flow], abs=1e-3)


@pytest.mark.parametrize(
    ("price", "flow"), [(60.0, -250e6), (110.0, 0.0), (150.0, 60e6), (300.0, 285e6)]
)
def test_the_mp_terms(tiny_case: Case, price: float, flow: float) -> None:
    """(110 - P)^+ Q is paid and 30 % of (P - 110)^+ Q comes back, without cap."""
    response = signed(tiny_case, MP | {"volume_tonnes_per_year": 5000.0}, [price])
    assert response.cash_flow[0] == pytest.approx([flow], abs=1e-3)


def test_the_cap_counts_all_deliveries_of_a_calendar_year(tiny_case: Case) -> None:
    """A quarter at $154 is owed $1.5 million, one at $170 $7.5 million.

    Quarters from 1 July 2026: two in 2026, four in 2027, which stops at 10.
    """
    response = signed(
        tiny_case,
        JARE,
        [170.0, 154.0, 170.0, 154.0, 170.0, 170.0],
        periods_a_year=4,
        start="2026-07-01",
    )
    expected = [7.5e6, 1.5e6, 7.5e6, 1.5e6, 1e6, 0]
    assert response.cash_flow[0] == pytest.approx(expected, abs=1e-3)


def test_what_was_paid_back_before_counts_in_the_first_year(tiny_case: Case) -> None:
    """Of $10 million 4 are left in 2026, for $7.5 million; 2027 is as ever.

    Nothing is paid again for signing it.
    """
    tiny_case["position"] = {"contracts": [{"contract": "jare", "paid_back_usd": 6e6}]}
    response = signed(
        tiny_case,
        JARE | {"id": "jare", "signing_cost_usd": 7e6},
        [170.0, 154.0, 170.0],
        periods_a_year=4,
        start="2026-07-01",
    )
    assert response.cash_flow[0] == pytest.approx([4e6, 0, 7.5e6], abs=1e-3)
    assert (response.opening_flow, response.is_in_force) == (0.0, True)


@pytest.mark.parametrize("periods_a_year", [1, 4, 12])
def test_leap_years_do_not_shift_periods(tiny_case: Case, periods_a_year: int) -> None:
    """At the price at which the cap just binds each of 8 years pays $10 million."""
    response = signed(
        tiny_case,
        JARE,
        [150 + 10 / 1.5] * (8 * periods_a_year),
        periods_a_year=periods_a_year,
    )
    by_year = response.cash_flow[0].reshape(8, periods_a_year)
    assert by_year.sum(axis=1) == pytest.approx([10e6] * 8)


def test_deliveries_keep_to_the_term(tiny_case: Case) -> None:
    """Two years from the second on; the signing cost falls in the first period."""
    terms = JARE | {"start_period": 1, "term_periods": 2, "signing_cost_usd": 7e6}
    response = signed(tiny_case, terms, [100.0] * 4)
    assert response.delivered[0] == pytest.approx([0, 5000, 5000, 0])
    assert response.cash_flow[0] == pytest.approx([-7e6, -50e6, -50e6, 0])


@pytest.mark.parametrize(
    ("open_share", "delivered"),
    # Output of 10,500 t, of which others take 7,200 t first.
    [(1.0, 3300), (0.8, 1200), (0.6, 0), (0.0, 0)],
)
def test_senior_claims_come_off_the_output(
    tiny_case: Case, open_share: float, delivered: float
) -> None:
    """What is left of the output after senior claims is delivered, up to the volume."""
    terms = JARE | {
        "capacity_tonnes_per_year": 10_500.0,
        "senior_claims_tonnes_per_year": 7200.0,
    }
    series = {"gallium-deu": [open_share]}
    response = signed(tiny_case, terms, [120.0], availability=series)
    assert response.delivered[0] == pytest.approx([delivered])


def test_ample_output_delivers_the_volume_and_no_more(tiny_case: Case) -> None:
    """Of 20,000 t with 7,200 t claimed the buyer takes its 5,000 t, also at 70 %."""
    terms = JARE | {
        "capacity_tonnes_per_year": 20_000.0,
        "senior_claims_tonnes_per_year": 7200.0,
    }
    series = {"gallium-deu": [1, 0.7, 0.5]}
    response = signed(tiny_case, terms, [120.0] * 3, availability=series)
    assert response.delivered[0] == pytest.approx([5000, 5000, 2800])


def test_a_cut_route_does_not_deliver(tiny_case: Case) -> None:
    """A route at 40 % brings 40 % of the volume, which alone is paid for."""
    series = {"gallium-deu": [0.4, 0.0]}
    response = signed(tiny_case, JARE, [100.0, 100.0], availability=series)
    assert response.delivered[0] == pytest.approx([2000, 0])
    assert response.cash_flow[0] == pytest.approx([-20e6, 0])


@pytest.mark.parametrize(("floor", "tonnes"), [(90_000.0, 0), (100_000.0, 5000)])
def test_a_contract_runs_its_route_or_gets_nothing(
    tiny_case: Case, floor: float, tonnes: float
) -> None:
    """Germany costs $100 a kg; at a price of 80 the floor decides."""
    tiny_case["routes"][1]["operating_cost_usd_per_tonne"] = 100_000.0
    tiny_case["materials"][0]["price_usd_per_tonne"] = 80_000.0
    response = signed(tiny_case, JARE | {"floor_usd_per_tonne": floor}, [80.0])
    assert response.delivered[0] == pytest.approx([tonnes])
    assert response.cash_flow[0] == pytest.approx([tonnes * (80_000 - floor)])
