"""Payoffs of contracts and loans on their published terms, by hand arithmetic.

Lynas-JARE, 10 March 2026 (thewest.com.au, finnewsnetwork.com.au, middle.news): 5,000 t
of NdPr a year firm, floor $110 a kg, above $150 a kg 30 % of the excess, at most $10
million a calendar year, paid to JARE; Japan's priority of 7,200 t of an output below
9,600 t (mining.com, 2023).
MP-DoD, 9 July 2025 (8-K, contracts.justia.com 1332901): top-up to $110 a kg; 30 % above
$110 to the DoD once full production is reached.
EXIM term sheets: Beta Technologies, 13 December 2023 (EDGAR, d89594dex101): $151.25
million and an exposure fee of 12.4648 %, financed, as disbursed, in all $170.103
million; 0.50 % a year on what is undisbursed; 54 quarterly instalments. ESS Tech, 1
November 2024 (contracts.justia.com 1321512): $20 million and a fee of 12.4250 %,
financed; 19 quarterly instalments.
"""

import numpy as np
import pytest

from models.instance import Instance
from models.reading import read_instance
from optimizer.financing import balances, financing_costs, net_financing
from optimizer.policies.offtake import OfftakeResponse
from tests import cases
from tests.cases import Case
from tests.optimizer.policies.published_terms import JARE, KG, MP, YEAR, responses

MILLION = 1e6


def net_price(response: OfftakeResponse, price: float) -> float:
    """Return what a kg costs after all in the first period, before it is resold."""
    tonnes, flow = response.delivered[0, 0], response.cash_flow[0, 0]
    return float(price - flow / (tonnes * KG))


@pytest.mark.parametrize(
    ("price", "paid"),
    [
        (60.0, 110.0),  # max(110, P): the floor
        (110.0, 110.0),
        (130.0, 130.0),  # between floor and threshold the market price
        (150.0, 150.0),
        (155.0, 153.5),  # 155 - 0.3 x 5
    ],
)
def test_what_jare_pays_for_a_kg(tiny_case: Case, price: float, paid: float) -> None:
    """JARE pays max(110, P) and has 30 % of what is above $150 back."""
    (jare,) = responses(tiny_case, [JARE], [price])
    assert net_price(jare, price) == pytest.approx(paid)


@pytest.mark.parametrize(
    ("price", "rebate"),
    [
        (150.0, 0.0),
        (153.0, 4.5 * MILLION),  # 0.3 x 3 x 5,000,000 kg
        (150 + 10 / 1.5, 10 * MILLION),  # 10e6 / (0.3 x 5e6) = $6.67 above
        (160.0, 10 * MILLION),  # 15 million are owed
        (400.0, 10 * MILLION),
    ],
)
def test_a_yearly_cap_on_rebates(tiny_case: Case, price: float, rebate: float) -> None:
    """min(10e6, 0.30 (P - 150)^+ Q): the cap binds at $156.67 a kg."""
    (jare,) = responses(tiny_case, [JARE], [price])
    assert jare.cash_flow[0, 0] == pytest.approx(rebate, abs=1e-3)


def test_the_cap_is_of_the_calendar_year(tiny_case: Case) -> None:
    """At $160 a month is owed $1.25 million: eight months fill the cap of each year."""
    # 0.3 x 10 x 5,000,000 kg / 12 = 1.25 million.
    (jare,) = responses(tiny_case, [JARE], [160.0] * 24, periods_a_year=12)
    year = [1.25 * MILLION] * 8 + [0.0] * 4
    assert jare.delivered[0] == pytest.approx([5_000 / 12] * 24)
    assert jare.cash_flow[0] == pytest.approx(year * 2, abs=1e-3)


def test_a_dear_month_counts_by_itself(tiny_case: Case) -> None:
    """The excess of a month is not netted with cheap months of the same year."""
    # 0.3 x 12 x 5,000,000 / 12 = 1.5 million; below 110 the floor costs
    # (110 - 100) x 5,000,000 / 12 = 4.17 million.
    (jare,) = responses(tiny_case, [JARE], [162.0, 100.0, 140.0], periods_a_year=12)
    expected = [1.5 * MILLION, -10 * 5 * MILLION / 12, 0.0]
    assert jare.cash_flow[0] == pytest.approx(expected, abs=1e-3)


def test_japan_is_served_first(tiny_case: Case) -> None:
    """Of 9,600 t others get what 7,200 t leave: 2,400 t."""
    behind = JARE | {
        "capacity_tonnes_per_year": 9_600.0,
        "senior_claims_tonnes_per_year": 7_200.0,
    }
    (other,) = responses(tiny_case, [behind], [120.0])
    assert other.delivered[0] == pytest.approx([2_400])


@pytest.mark.parametrize(
    ("price", "flow"),
    [
        (50.0, -60 * MILLION),  # (110 - 50) x 1,000,000 kg topped up
        (110.0, 0.0),
        (120.0, 3 * MILLION),  # 0.3 x 10 x 1,000,000 kg
        (210.0, 30 * MILLION),  # no cap
    ],
)
def test_the_dod_tops_up_and_shares(tiny_case: Case, price: float, flow: float) -> None:
    """The DoD pays (110 - P)^+ Q and receives 0.30 (P - 110)^+ Q."""
    (mp,) = responses(tiny_case, [MP], [price])
    assert mp.cash_flow[0, 0] == pytest.approx(flow, abs=1e-3)


def test_the_share_of_the_dod_begins_with_full_production(tiny_case: Case) -> None:
    """As two contracts: one without share until then, one with it from then on."""
    before = MP | {
        "id": "before",
        "term_periods": 2,
        "upside_threshold_usd_per_tonne": None,
        "upside_share": 0.0,
    }
    after = MP | {"id": "after", "start_period": 2}
    prices = [120.0, 100.0, 120.0, 100.0]
    both = responses(tiny_case, [before, after], prices, periods_a_year=4)
    flow = sum(response.cash_flow[0] for response in both)
    # 250,000 kg a quarter: 10 x 250,000 topped up, 0.3 x 10 x 250,000 shared.
    assert flow == pytest.approx([0, -2.5e6, 0.75e6, -2.5e6], abs=1e-3)


def lent(case: Case, quarters: int, **terms: object) -> Instance:
    """Return a case of some quarters with one loan on these terms."""
    case["horizon"] = cases.horizon(quarters, period_days=YEAR / 4)
    case["financing"] = {"facilities": [cases.facility() | terms]}
    return read_instance(case)


@pytest.mark.parametrize(
    ("financed", "fee_rate", "fee"),
    [(151.25, 0.124648, 18.853), (20.0, 0.12425, 2.485)],
)
def test_exim_exposure_fees(
    tiny_case: Case, financed: float, fee_rate: float, fee: float
) -> None:
    """12.4648 % of $151.25 million and 12.4250 % of $20 million, as disbursed."""
    limit = financed * MILLION
    instance = lent(tiny_case, 2, limit_usd=limit, exposure_fee=fee_rate)
    halves = np.array([[limit / 2, limit / 2]])
    costs = financing_costs(instance, halves)
    assert costs == pytest.approx([fee * MILLION / 2] * 2, abs=500)


def test_a_financed_fee_is_a_part_of_the_draw(tiny_case: Case) -> None:
    """Fee and all, $170.103 million are owed for $151.25 million at hand."""
    # The fee on the financed amount is 12.4648 / 112.4648 = 11.0833 % of the draw.
    total = 151.25 * MILLION * 1.124648
    share = 0.124648 / 1.124648
    instance = lent(tiny_case, 1, limit_usd=total, exposure_fee=share)
    drawn = np.array([[total]])
    assert balances(instance, drawn)[0, 0] == pytest.approx(170.103e6, abs=500)
    assert net_financing(instance, drawn)[0] == pytest.approx(151.25e6)


def test_the_commitment_fee_is_on_what_is_undisbursed(tiny_case: Case) -> None:
    """0.50 % a year: an eighth of a per cent a quarter of 20, 12 and 0 million."""
    instance = lent(tiny_case, 3, limit_usd=20 * MILLION, commitment_fee_per_year=0.005)
    costs = financing_costs(instance, np.array([[0.0, 8.0, 12.0]]) * MILLION)
    assert costs == pytest.approx([25_000, 15_000, 0])


@pytest.mark.parametrize(("total", "instalments"), [(170.103, 54), (22.485, 19)])
def test_quarterly_instalments(tiny_case: Case, total: float, instalments: int) -> None:
    """Each is total / number, and after the last nothing is owed."""
    instance = lent(
        tiny_case,
        instalments + 4,
        limit_usd=total * MILLION,
        last_draw_period=0,
        repayment_start_period=3,
        number_of_instalments=instalments,
    )
    draws = np.zeros((1, instalments + 4))
    draws[0, 0] = total * MILLION
    owed = balances(instance, draws)[0]
    paid = -np.diff(owed)
    expected = [0.0, 0.0, *[total * MILLION / instalments] * instalments, 0.0]
    assert paid == pytest.approx(expected, abs=1e-3)
    assert owed[-1] == pytest.approx(0, abs=1e-3)


def test_ten_billion_at_the_published_rate(tiny_case: Case) -> None:
    """At 5.03 % a year, the CIRR of 15 March 2023, interest alone is $503 million."""
    instance = lent(tiny_case, 4, limit_usd=1e10, rate_per_year=0.0503)
    costs = financing_costs(instance, np.array([[1e10, 0.0, 0.0, 0.0]]))
    assert costs.sum() == pytest.approx(503e6)
