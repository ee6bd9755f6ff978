"""Clairvoyance costs no more, the relaxation bounds every plan of the menu."""

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from models.instance import Instance
from models.reading import read_instance
from optimizer.deadline import NEVER
from optimizer.evaluation.replay import replay
from optimizer.evaluation.statistics import cvar, mean
from optimizer.first_stage.cheapest_financing import FinancingError, cheapest_draws
from optimizer.plan_document import decide
from optimizer.point import Point
from optimizer.problem import CompleteProblem, complete_problem
from optimizer.scenarios.scenario_set import ScenarioSet
from optimizer.separation import SeparatedProgram
from tests.laws.tiny_cases import (
    EXACT,
    LAW,
    LOT_TONNES,
    PERIODS,
    SEEDS,
    optimal,
    solved,
    tiny_case,
    tiny_scenarios,
)


def alone(scenarios: ScenarioSet, w: int) -> ScenarioSet:
    """Return one scenario as certain."""
    one = scenarios.select(slice(w, w + 1))
    return replace(one, probability=np.ones(1))


@LAW
@given(seed=SEEDS)
def test_who_knows_the_future_loses_no_more(seed: int) -> None:
    """Wait-and-see: a plan for each scenario alone, weighted by probability."""
    case = tiny_case(seed)
    case["options"]["cvar_weight"] = 0.0
    instance = read_instance(case)
    scenarios = tiny_scenarios(instance, seed)
    wait_and_see = sum(
        probability * optimal(instance, alone(scenarios, w)).promise.objective_usd
        for w, probability in enumerate(scenarios.probability.tolist())
    )
    optimum = optimal(instance, scenarios).promise.objective_usd
    assert wait_and_see <= optimum * (1 + EXACT)


def relaxation_of(problem: CompleteProblem) -> float:
    """Return the optimum of the relaxation in US dollars."""
    program = SeparatedProgram(problem, is_relaxed=True)
    solution = program.solve(NEVER)
    assert solution.values is not None
    return program.point(solution.values).objective_usd


def drawn_point(problem: CompleteProblem, seed: int) -> Point:
    """Return one tranche of whole lots of a random candidate for each pool."""
    draw = np.random.default_rng(seed)
    shares: list[np.ndarray] = []
    for holding, menu in zip(problem.holdings, problem.menus, strict=True):
        share = np.zeros(len(menu.candidates))
        if holding.offer is None:
            c = int(draw.integers(len(share)))
            target = float(menu.policies.target[c])
            lots = int(draw.integers(0, int(target / LOT_TONNES), endpoint=True))
            share[c] = lots * LOT_TONNES / target
        shares.append(share)
    contracts = np.zeros(len(problem.contracts))
    return Point(tuple(shares), contracts, np.zeros((1, PERIODS)), np.nan, np.nan)


def cost_of(problem: CompleteProblem, point: Point) -> float | None:
    """Return the objective of a point by its replay, None if it cannot be paid."""
    instance, scenarios = problem.instance, problem.scenarios
    try:
        draws = cheapest_draws(problem, point)
    except FinancingError:
        return None
    happened = replay(instance, scenarios, decide(problem, point, draws))
    return objective(instance, happened.scenario_costs(), scenarios)


def objective(instance: Instance, costs: np.ndarray, scenarios: ScenarioSet) -> float:
    """Return mean and CVaR as weighted in the options."""
    weight, level = instance.options.cvar_weight, instance.options.cvar_level
    expected = mean(costs, scenarios.probability)
    return (1 - weight) * expected + weight * cvar(costs, scenarios.probability, level)


@LAW
@given(seed=SEEDS, first=st.integers(0, 2**31))
def test_no_plan_of_the_menu_beats_the_relaxation(seed: int, first: int) -> None:
    """Plans drawn at random cost at least its optimum, if they can be paid for."""
    instance = read_instance(tiny_case(seed))
    problem = complete_problem(instance, tiny_scenarios(instance, seed))
    bound = relaxation_of(problem)
    found = [cost_of(problem, drawn_point(problem, first + i)) for i in range(10)]
    paid = [cost for cost in found if cost is not None]
    assert all(cost >= bound * (1 - EXACT) for cost in paid)


@LAW
@given(seed=SEEDS)
def test_the_optimum_lies_between_relaxation_and_no_vault(seed: int) -> None:
    """Relaxation <= optimum <= what is lost with nothing held."""
    instance = read_instance(tiny_case(seed))
    problem = complete_problem(instance, tiny_scenarios(instance, seed))
    optimum = solved(tiny_case(seed), seed).promise.objective_usd
    nothing = cost_of(problem, _nothing(problem))
    assert relaxation_of(problem) <= optimum * (1 + EXACT)
    assert nothing is not None
    assert optimum <= nothing * (1 + EXACT)


def _nothing(problem: CompleteProblem) -> Point:
    shares = tuple(np.zeros(len(menu.candidates)) for menu in problem.menus)
    contracts = np.zeros(len(problem.contracts))
    return Point(shares, contracts, np.zeros((1, PERIODS)), np.nan, np.nan)


@pytest.mark.parametrize("seed", range(3))
def test_some_drawn_plans_can_be_paid_for(seed: int) -> None:
    """The law on the relaxation is not empty: more than one plan in ten is paid."""
    instance = read_instance(tiny_case(seed))
    problem = complete_problem(instance, tiny_scenarios(instance, seed))
    found = [cost_of(problem, drawn_point(problem, i)) for i in range(20)]
    assert sum(cost is not None for cost in found) > 2
