"""Value of the stochastic solution and of perfect information: by hand, and as laws."""

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from models.reading import read_instance
from models.rule_comparison import ValueOfInformation
from optimizer.rule_comparison.information import (
    NoValueError,
    mean_scenario,
    value_of_information,
    value_on,
    wait_and_see,
)
from optimizer.scenarios.scenario_set import ScenarioSet
from optimizer.solve import solve_on
from service.casefiles import load
from tests.laws.tiny_cases import tiny_case, tiny_scenarios
from tests.optimizer.random_cases import random_case, random_scenarios
from tests.optimizer.vault_case import bans, changed, vault_case

LAW = settings(max_examples=3, deadline=None)
GAP = 1e-6


def test_two_materials_by_hand() -> None:
    """Whether the cut comes or not the same stock is best; the mean scenario errs.

    Mean availability 1/2: 50 t of each are missing for certain, and 50 t of alpha and
    50 t of beta cost all of the money. If the cut comes, 50 units of each are lost:
    1/2 x (50 x 40,000 + 50 x 60,000) = 2,500,000, against 2,250,000 of the optimum.
    """
    instance = read_instance(load("two_materials"))
    found = value_of_information(instance, number_of_scenarios=2, seed=1)
    assert found.plan_usd == pytest.approx(2_250_000)
    assert found.wait_and_see_usd == pytest.approx(2_250_000)
    assert found.value_of_perfect_information_usd == pytest.approx(0, abs=1)
    assert found.expected_value_plan_promise_usd == pytest.approx(0, abs=1)
    assert found.expected_value_plan_usd == pytest.approx(2_500_000)
    assert found.value_of_stochastic_solution_usd == pytest.approx(250_000)
    assert found.expected_value_plan_is_affordable is True


def test_the_cost_of_holding_counts_in_all_plans() -> None:
    """By half: of each 1.5 million half is sold, half is left and worth four fifths.

    Of the two plans of the test above, both lose 150,000 dollars. If the cut comes for
    certain all is sold; if it does not, holding nothing is best.
    """
    weighted = changed(
        dict(load("two_materials")), {"options.cost_of_holding_weight": 0.5}
    )
    found = value_of_information(read_instance(weighted), number_of_scenarios=2, seed=1)
    assert found.plan_usd == pytest.approx(2_325_000)
    assert found.expected_value_plan_usd == pytest.approx(2_575_000)
    assert found.wait_and_see_usd == pytest.approx(2_250_000)


@LAW
@given(seed=st.integers(0, 2**32 - 1), weight=st.sampled_from([None, 0.5]))
def test_bounds_keep_their_order(seed: int, weight: float | None) -> None:
    """Wait and see <= bound <= optimum <= plan for the mean scenario, up to gaps."""
    weighted = {"options.cost_of_holding_weight": weight}
    instance = read_instance(changed(tiny_case(seed), weighted))
    uneven = np.array([0.5, 0.3, 0.2])
    scenarios = replace(tiny_scenarios(instance, seed), probability=uneven)
    found = value_on(instance, scenarios, seed)
    _in_order(found)
    certain = [_certain(scenarios, w) for w in range(scenarios.number_of_scenarios)]
    mean = np.average(
        [wait_and_see(instance, x) for x in certain], weights=scenarios.probability
    )
    assert found.wait_and_see_usd == pytest.approx(mean)
    alone = [solve_on(instance, x).plan for x in certain]
    whole = sum(
        p * plan.promise.objective_usd
        for p, plan in zip(scenarios.probability.tolist(), alone, strict=True)
        if plan is not None
    )
    # Plans with whole lots, each for its scenario, are no better than the relaxation.
    assert found.wait_and_see_usd <= whole + GAP * abs(whole) + GAP


def test_a_plan_that_cannot_be_paid_for_is_reported() -> None:
    """Bought in period 2 at a mean price of 12,500, which is 20,000 in the long cut."""
    late = {"origins": "zone", "start_period": 2, "build_up_periods": 1}
    changes = {f"sourcing_options.0.{key}": value for key, value in late.items()}
    instance = read_instance(changed(vault_case(), changes))
    found = value_on(instance, bans(instance), 1)
    assert found.expected_value_plan_lowest_cash_usd is not None
    assert found.expected_value_plan_lowest_cash_usd < -10_000
    assert found.expected_value_plan_is_affordable is False


def test_stock_that_does_not_cover_its_debt_is_reported() -> None:
    """Bought at 10,000, the mean price; in calm it is worth half as much."""
    instance = read_instance(changed(vault_case(), {"financing.collateral_cover": 1.0}))
    scenarios = bans(instance)
    price = scenarios.price.copy()
    price[:, 0, 1:], price[:, 1:, 1:] = 5_000, 15_000
    found = value_on(instance, replace(scenarios, price=price), 1)
    assert found.expected_value_plan_lowest_cash_usd == pytest.approx(0, abs=1)
    assert found.expected_value_plan_is_affordable is False


def test_the_mean_scenario_is_solved_as_exactly_as_all_of_them() -> None:
    """What is left open there is at most the gap's share of the whole objective."""
    instance = read_instance(changed(vault_case(), {"options.gap": 0.2}))
    scenarios = bans(instance)
    found = value_on(instance, scenarios, 1)
    least = wait_and_see(instance, mean_scenario(scenarios))
    assert found.expected_value_plan_promise_usd is not None
    left_open = found.expected_value_plan_promise_usd - least
    assert left_open <= 0.2 * max(found.plan_usd, least) * (1 + GAP)


def test_a_case_without_plan_has_no_value() -> None:
    """Cover that no money can buy leaves nothing to compare with."""
    changes = {"materials.0.minimum_days_of_cover": 60}
    instance = read_instance(changed(vault_case(), changes))
    with pytest.raises(NoValueError, match="no plan"):
        value_on(instance, bans(instance), 1)


def test_the_mean_scenario_is_the_weighted_mean() -> None:
    """Availability, price and demand by their probabilities; word by majority."""
    instance = random_case(4)
    scenarios = random_scenarios(instance, 4)
    mean = mean_scenario(scenarios)
    assert mean.number_of_scenarios == 1
    for name in ("availability", "price", "demand"):
        expected = np.average(
            getattr(scenarios, name), axis=1, weights=scenarios.probability
        )
        assert getattr(mean, name)[:, 0] == pytest.approx(expected)
    votes = scenarios.announced.sum(axis=1)
    assert (mean.announced[:, 0] == (votes >= 2)).all()


def _certain(scenarios: ScenarioSet, w: int) -> ScenarioSet:
    alone = scenarios.select(slice(w, w + 1))
    return replace(alone, probability=np.ones(1))


def _in_order(found: ValueOfInformation) -> None:
    slack = GAP * abs(found.lower_bound_usd) + GAP
    assert found.wait_and_see_usd <= found.lower_bound_usd + slack
    assert found.lower_bound_usd <= found.plan_usd + slack
    if found.expected_value_plan_is_affordable:
        assert found.expected_value_plan_usd is not None
        assert found.lower_bound_usd <= found.expected_value_plan_usd + slack
