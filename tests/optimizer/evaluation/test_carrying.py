"""Who pays for what: by hand on a calm year of one right and one pool."""

import pytest

from models.reading import read_instance
from optimizer.evaluation.carrying import carrying_costs, mean_rate_per_year
from optimizer.evaluation.decisions import Decisions, nothing_held
from tests import cases
from tests.cases import Case
from tests.optimizer.one_scenario import one_scenario
from tests.plans import in_place

PRICE = 500_000.0


@pytest.fixture
def case(tiny_case: Case) -> Case:
    """Return a third of a year with two thirds of debt at 6 % and capital at 9 %."""
    tiny_case["financing"]["facilities"] = [
        cases.facility(limit_usd=2e6, rate_per_year=0.06),
        cases.facility("capital", kind="equity", limit_usd=1e6, rate_per_year=0.09),
    ]
    tiny_case["storage_classes"][0] |= {
        "cost_usd_per_tonne_year": 300.0,
        "insurance_rate_per_year": 0.003,
    }
    tiny_case["entitlement_offers"] = [cases.offer()]
    return tiny_case


def test_each_right_and_all_pools_have_their_costs_and_payer(case: Case) -> None:
    """1 t for the maker and 2 t in the pool for a third of a year, nothing happens.

    1,000 and 12,000 dollars a tonne and year are paid for the right; a member pays 1 %
    of 12 t a year.
    """
    case["membership"] = {"members": ["maker"], "fee_rate_per_year": 0.01}
    instance = read_instance(case)
    right = in_place(1.0, offer="right", participant="maker")
    decisions = Decisions(
        (in_place(2.0), right), frozenset(), nothing_held(instance).draws
    )
    of_right, of_pools = carrying_costs(instance, one_scenario(instance), decisions)
    rate, third = mean_rate_per_year(instance), 1 / 3
    assert rate == pytest.approx(0.07)
    assert (of_right.offer, of_right.participant) == ("right", "maker")
    for found, tonnes, fees in (
        (of_right, 1.0, 1_000 + 12_000 * third),
        (of_pools, 2.0, 0.01 * 12 * PRICE * third),
    ):
        assert found.tonnes == tonnes
        assert found.storage_usd == pytest.approx(300 * tonnes * third)
        assert found.insurance_usd == pytest.approx(0.003 * PRICE * tonnes * third)
        assert found.interest_usd == pytest.approx(rate * PRICE * tonnes * third)
        assert found.fees_usd == pytest.approx(fees)
        assert found.covered_share == pytest.approx(fees / found.cost_usd)
    assert of_pools.offer is of_pools.participant is None


def test_what_is_not_held_costs_nothing(case: Case) -> None:
    """Without stock, membership and facilities there is a row for the pools alone."""
    case["financing"]["facilities"] = []
    instance = read_instance(case)
    (found,) = carrying_costs(instance, one_scenario(instance), nothing_held(instance))
    assert found.cost_usd == found.fees_usd == mean_rate_per_year(instance) == 0.0
    assert found.covered_share is None
