"""Periods by the calendar: plans pass the check, both methods agree, days add up."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from models.outcome import Termination
from models.plan import Plan
from models.reading import read_instance
from optimizer.scenarios.market import demand_path
from optimizer.solve import solve_on
from tests import cases
from tests.cases import Case, changed
from tests.laws.tiny_cases import LAW, SEEDS, solved, tiny_case, tiny_scenarios

START = "2027-12-31"
LENGTHS = st.sampled_from(["month", "quarter", "year"])


def by_calendar(seed: int, period: str) -> Case:
    """Return a case drawn from a seed with periods from the last of a month on.

    The store is small and stock grows old, so that days and not periods are counted.
    """
    case = tiny_case(seed)
    number = case["horizon"]["number_of_periods"]
    case["horizon"] = cases.horizon(
        number, period=period, start=START, discount_rate_per_year=0.04
    )
    case["materials"][0]["shelf_life_days"] = 45
    case["storage_classes"][0] |= {"notice_days": 9, "outload_tonnes_per_day": 2.0}
    return case


@LAW
@given(seed=SEEDS, period=LENGTHS)
def test_both_methods_agree(seed: int, period: str) -> None:
    """Each returns a plan that the check has accepted, and their costs are the same."""
    case = by_calendar(seed, period)
    costs: list[float] = []
    for method in ("extensive_form", "decomposition"):
        named = changed(case, {})
        named["options"] = case.get("options", {}) | {"method": method}
        instance = read_instance(named)
        outcome = solve_on(instance, tiny_scenarios(instance, seed))
        assert outcome.termination in {Termination.OPTIMAL, Termination.GAP_REACHED}
        assert outcome.plan is not None
        costs.append(outcome.plan.promise.objective_usd)
    assert costs[0] == pytest.approx(costs[1], rel=1e-3, abs=1.0)


@LAW
@given(seed=SEEDS)
def test_a_week_is_seven_days(seed: int) -> None:
    """Its plan is that of seven days to the last bit."""
    case = tiny_case(seed)
    plans: list[Plan] = []
    for length in ({"period": "week"}, {"period_days": 7}):
        terms = {k: v for k, v in case["horizon"].items() if k != "period_days"}
        plans.append(solved(case | {"horizon": terms | length}, seed))
    assert plans[0].levels == plans[1].levels
    assert plans[0].financing == plans[1].financing
    assert plans[0].promise == plans[1].promise


@LAW
@given(seed=SEEDS, period=LENGTHS)
def test_demand_adds_up_to_that_of_the_days(seed: int, period: str) -> None:
    """Without growth the periods need what the years of the horizon need."""
    case = by_calendar(seed, period)
    for product in case["products"]:
        product["growth_per_year"] = 0.0
    instance = read_instance(case)
    for product, units in zip(
        instance.final_products(), demand_path(instance), strict=True
    ):
        a_year = product.demand_units_per_year or 0.0
        assert units.sum() == pytest.approx(a_year * instance.horizon.years)
