"""Names, order and the unit of money are a matter of writing, not of planning."""

import json
from dataclasses import replace
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from models.plan import Plan
from models.reading import read_instance
from optimizer.scenarios.scenario_set import ScenarioSet
from optimizer.solve import solve
from tests import cases
from tests.cases import Case
from tests.laws.tiny_cases import (
    EXACT,
    LAW,
    SEEDS,
    optimal,
    tiny_case,
    tiny_scenarios,
)
from tests.renaming import renamed


def assert_same_optimum(found: Plan, expected: Plan, factor: float = 1.0) -> None:
    """Compare what is promised, without a vault too."""
    for name in ("objective_usd", "cost_without_vault_usd"):
        wanted = factor * getattr(expected.promise, name)
        assert getattr(found.promise, name) == pytest.approx(wanted, rel=EXACT), name


@LAW
@given(seed=SEEDS, method=st.sampled_from(["extensive_form", "decomposition"]))
def test_other_names(seed: int, method: str) -> None:
    """Everything by any other name is sampled and planned the same, to the last bit."""
    case = tiny_case(seed)
    case["events"] = [cut("one", "CHN", ["m0"]), cut("two", "AUS", ["m0", "m1"])]
    case["options"] |= {"number_of_scenarios": 4, "method": method}
    expected, found = (planned(x) for x in (case, renamed(case, seed % 7)))
    assert found.promise == expected.promise
    assert [x.tonnes for x in found.levels] == [x.tonnes for x in expected.levels]
    assert amounts(found) == amounts(expected)


@LAW
@given(seed=SEEDS)
def test_another_order(seed: int) -> None:
    """Materials, routes and products from last to first have the same optimum."""
    case = tiny_case(seed)
    instance = read_instance(case)
    scenarios = tiny_scenarios(instance, seed)
    backwards = case | {
        section: case[section][::-1] for section in ("materials", "routes", "products")
    }
    turned = replace(
        scenarios,
        availability=scenarios.availability[::-1],
        announced=scenarios.announced[::-1],
        price=scenarios.price[::-1],
        base_price=scenarios.base_price[::-1],
        demand=scenarios.demand[::-1],
    )
    found = optimal(read_instance(backwards), turned)
    assert_same_optimum(found, optimal(instance, scenarios))


@LAW
@given(seed=SEEDS)
def test_scenarios_in_another_order(seed: int) -> None:
    """Which scenario stands first does not matter."""
    instance = read_instance(tiny_case(seed))
    scenarios = weighted(tiny_scenarios(instance, seed))
    turned = scenarios.select(np.array([2, 0, 1]))
    assert_same_optimum(optimal(instance, turned), optimal(instance, scenarios))


@LAW
@given(seed=SEEDS)
def test_a_scenario_split_in_two(seed: int) -> None:
    """Two halves of a scenario are the scenario, for mean and CVaR."""
    instance = read_instance(tiny_case(seed))
    scenarios = weighted(tiny_scenarios(instance, seed))
    twice = scenarios.select(np.array([0, 1, 1, 2]))
    halves = replace(
        twice,
        names=("w0", "w1a", "w1b", "w2"),
        probability=twice.probability * np.array([1.0, 0.5, 0.5, 1.0]),
    )
    assert_same_optimum(optimal(instance, halves), optimal(instance, scenarios))


@LAW
@given(seed=SEEDS, factor=st.sampled_from([0.5, 3.0, 6.5]))
def test_another_unit_of_money(seed: int, factor: float) -> None:
    """All prices, costs, fees and limits times c: the optimum times c."""
    case = tiny_case(seed)
    instance = read_instance(case)
    scenarios = tiny_scenarios(instance, seed)
    dearer = replace(
        scenarios,
        price=factor * scenarios.price,
        base_price=factor * scenarios.base_price,
    )
    found = optimal(read_instance(times(case, factor)), dearer)
    assert_same_optimum(found, optimal(instance, scenarios), factor)


def cut(name: str, country: str, materials: list[str]) -> Case:
    """Return an event that is as likely as not within the three months."""
    terms = {"country": country, "materials": materials, "hazard_per_year": 2.8}
    return cases.event(name, cases.phase(40, 90, price_multiplier=1.5), **terms)


def planned(case: Case) -> Plan:
    """Return the plan of a case on the scenarios of its options."""
    plan = solve(read_instance(case)).plan
    assert plan is not None
    return plan


def amounts(plan: Plan) -> list[object]:
    """Return what a plan decides, without names."""
    tranches = [(x.share, x.lots, x.steps) for x in plan.tranches()]
    money = [(list(x.draws_usd.values()), x.lowest_cash_usd) for x in plan.financing]
    return [tranches, money, len(plan.awards), len(plan.contracts)]


def weighted(scenarios: ScenarioSet) -> ScenarioSet:
    """Return the scenarios with unequal probabilities."""
    return replace(scenarios, probability=np.array([0.5, 0.3, 0.2]))


def times(case: dict[str, Any], factor: float) -> dict[str, Any]:
    """Return a case with every figure in US dollars times a factor."""

    def dearer(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
        return {
            key: factor * value if "usd" in key and value is not None else value
            for key, value in pairs
        }

    return json.loads(json.dumps(case), object_pairs_hook=dearer)
