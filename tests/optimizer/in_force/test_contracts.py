"""What a contract has paid back when the reserve goes on from a later month."""

import numpy as np
import pytest

from models.reading import read_instance
from optimizer.evaluation.decisions import Decisions
from optimizer.evaluation.replay import replay
from optimizer.in_force.contracts import contracts_after
from tests.cases import Case, contract, horizon
from tests.optimizer.one_scenario import one_scenario

# 0.1 t a month, half of what the price is above 500,000, up to 12,000 a year.
TERMS = contract(
    upside_threshold_usd_per_tonne=500_000.0,
    upside_share=0.5,
    upside_cap_usd_per_year=12_000.0,
)


@pytest.mark.parametrize(
    ("periods", "paid"),
    [
        # 1,000 of before, 5,000 in each month, in the third up to the cap.
        (1, [6_000.0]),
        (2, [11_000.0]),
        # The first month of 2027 is the next one.
        (3, [0.0]),
        (4, [5_000.0]),
        # Its five months are over.
        (5, []),
    ],
)
def test_what_is_paid_back_counts_in_its_calendar_year(
    tiny_case: Case, periods: int, paid: list[float]
) -> None:
    """Six months from 1 October 2026."""
    tiny_case["horizon"] = horizon(6, start="2026-10-01")
    tiny_case["contracts"] = [TERMS | {"term_periods": 5}]
    there = {"contract": "offtake", "paid_back_usd": 1_000.0}
    tiny_case["position"] = {"contracts": [there]}
    case = read_instance(tiny_case)
    scenario = one_scenario(case, price={"gallium": [600_000.0] * 6})
    facilities = len(case.financing.facilities)
    decisions = Decisions((), frozenset({"offtake"}), np.zeros((facilities, 6)))
    happened = replay(case, scenario, decisions)
    found = [*contracts_after(case, scenario, happened, 0, periods)]
    assert [x.paid_back_usd for x in found] == pytest.approx(paid)
