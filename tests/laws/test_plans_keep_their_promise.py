"""What a solve returns passes the independent check and does what it promises."""

import numpy as np
import pytest
from hypothesis import given

from models.instance import Instance
from models.plan import Plan
from models.reading import read_instance
from optimizer.evaluation.decisions import decisions_of
from optimizer.evaluation.replay import PlanReplay, replay
from optimizer.evaluation.statistics import cvar
from optimizer.feasibility import Quantities, check
from optimizer.scenarios.scenario_set import ScenarioSet
from tests.laws.tiny_cases import (
    EXACT,
    LAW,
    SEEDS,
    optimal,
    solved,
    tiny_case,
    tiny_scenarios,
)


def replayed(seed: int) -> tuple[Instance, ScenarioSet, Plan, PlanReplay]:
    """Return a case, its scenarios, its plan and what the plan does there."""
    instance = read_instance(tiny_case(seed))
    scenarios = tiny_scenarios(instance, seed)
    plan = optimal(instance, scenarios)
    read_back = Plan.model_validate_json(plan.model_dump_json())
    happened = replay(instance, scenarios, decisions_of(instance, read_back))
    return instance, scenarios, plan, happened


@LAW
@given(seed=SEEDS)
def test_the_check_accepts_every_plan(seed: int) -> None:
    """No row of the formulation is violated, counted without the model."""
    instance, scenarios, plan, happened = replayed(seed)
    quantities = Quantities(
        allocated=happened.allocation.allocated,
        emergency=happened.allocation.emergency,
        shortage=happened.allocation.shortage,
    )
    assert not check(instance, scenarios, plan, quantities)


@LAW
@given(seed=SEEDS)
def test_the_promise_is_what_the_printed_rules_do(seed: int) -> None:
    """The plan's document, read back and replayed, costs what the model counted."""
    instance, scenarios, plan, happened = replayed(seed)
    costs = happened.scenario_costs()
    expected = float(scenarios.probability @ costs)
    assert plan.promise.expected_shortage_cost_usd == pytest.approx(expected, rel=EXACT)
    weight = instance.options.cvar_weight
    tail = cvar(costs, scenarios.probability, instance.options.cvar_level)
    objective = (1 - weight) * expected + weight * tail
    assert plan.promise.objective_usd == pytest.approx(objective, rel=EXACT)


@LAW
@given(seed=SEEDS)
def test_the_bound_is_below_the_objective(seed: int) -> None:
    """Of a plan that is solved to the end the two are the same."""
    promise = solved(tiny_case(seed), seed).promise
    assert promise.lower_bound_usd <= promise.objective_usd
    assert promise.lower_bound_usd == pytest.approx(promise.objective_usd, rel=EXACT)


@LAW
@given(seed=SEEDS)
def test_cash_is_never_negative(seed: int) -> None:
    """Ten dollars are the tolerance of the rows; the document has the same lows."""
    *_, plan, happened = replayed(seed)
    assert happened.cash.min() >= -10
    lowest = [period.lowest_cash_usd for period in plan.financing]
    np.testing.assert_allclose(lowest, happened.cash.min(axis=0), atol=1e-3)
