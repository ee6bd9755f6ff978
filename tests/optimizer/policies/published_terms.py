"""The published terms of two offtake contracts, and what contracts do at given prices.

Lynas-JARE, 10 March 2026: 5,000 t of NdPr a year, floor $110 a kg, 30 % of what the
price is above $150 a kg, at most $10 million in a calendar year. MP-DoD, 9 July 2025:
floor $110 a kg, 30 % of what the price is above it, without cap.
"""

from typing import Any

from models.reading import read_instance
from optimizer.policies.offtake import OfftakeResponse, respond_to_contracts
from tests import cases
from tests.cases import Case
from tests.optimizer.one_scenario import one_scenario

KG = 1000.0  # in a tonne
YEAR = 365.25
JARE = cases.contract(
    id="jare",
    volume_tonnes_per_year=5_000.0,
    term_periods=100,
    floor_usd_per_tonne=110 * KG,
    upside_threshold_usd_per_tonne=150 * KG,
    upside_share=0.3,
    upside_cap_usd_per_year=10e6,
)
# The volume of the MP terms is a round number: it covers all NdPr that is made.
MP = JARE | {
    "id": "mp",
    "name": "MP-DoD",
    "volume_tonnes_per_year": 1_000.0,
    "upside_threshold_usd_per_tonne": 110 * KG,
    "upside_cap_usd_per_year": None,
}


def responses(
    case: Case,
    contracts: list[Case],
    prices: list[float],
    *,
    periods_a_year: int = 1,
    start: str = "2026-01-01",
    **series: Any,  # noqa: ANN401 - any series
) -> tuple[OfftakeResponse, ...]:
    """Return what contracts do at these prices, a kg, period by period."""
    days = YEAR / periods_a_year
    case["contracts"] = contracts
    case["horizon"] = cases.horizon(len(prices), start=start, period_days=days)
    instance = read_instance(case)
    path = {"gallium": [price * KG for price in prices]}
    scenario = one_scenario(instance, price=path, **series)
    return respond_to_contracts(instance, scenario)
