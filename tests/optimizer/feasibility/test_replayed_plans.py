"""Plans that were never optimised: replay and check say the same of any of them."""

import numpy as np
import pytest
from numpy.typing import NDArray

from models.instance import Instance
from optimizer.evaluation.decisions import nothing_held
from optimizer.evaluation.replay import replay
from optimizer.evaluation.statistics import cvar, mean
from optimizer.feasibility import Quantities, Violation, check
from optimizer.plan_document import Proof, decide, write_plan
from optimizer.point import Point
from optimizer.problem import Problem, assemble
from optimizer.scenarios.scenario_set import ScenarioSet
from tests.optimizer.feasibility.financed import financed
from tests.optimizer.random_cases import random_case, random_scenarios

# A plan drawn at random keeps no limit on what is held and bought, drawn or borrowed.
LIMITS = {
    "minimum_cover",
    "storage_capacity",
    "outload_limit",
    "market_capacity",
    "origin_cap",
    "debt_to_equity",
    "cash_nonnegative",
    "collateral",
}


@pytest.mark.parametrize("seed", range(12))
@pytest.mark.parametrize("number_of_periods", [4, 6])
def test_counts_what_the_replay_counts(seed: int, number_of_periods: int) -> None:
    """Rules, money, shortfalls and cost of a random plan are those of its replay."""
    instance = financed(
        random_case(seed, number_of_periods=number_of_periods),
        seed,
        opening_cash_usd=1e5,
    )
    scenarios = random_scenarios(instance, seed)
    found = _check_of_random_plan(instance, scenarios, seed)
    assert [str(x) for x in found if x.row not in LIMITS] == []


def _check_of_random_plan(
    instance: Instance, scenarios: ScenarioSet, seed: int
) -> tuple[Violation, ...]:
    draw = np.random.default_rng(seed)
    problem = assemble(instance, scenarios)
    draws = np.zeros((2, instance.horizon.number_of_periods))
    draws[:, :2] = draw.uniform(0, 5e5, size=(2, 2))
    signed = draw.integers(0, 2, size=1).astype(np.float64)
    point = Point(_random_shares(problem, draw), signed, draws, 0, 0)
    decisions = decide(problem, point, draws)
    happened = replay(instance, scenarios, decisions)
    without = replay(instance, scenarios, nothing_held(instance))
    costs, probability = happened.scenario_costs(), scenarios.probability
    expected = mean(costs, probability)
    objective = 0.7 * expected + 0.3 * cvar(costs, probability, 0.5)
    nothing = mean(without.scenario_costs(), probability)
    proof = Proof(expected, objective, 0.5 * objective, nothing, None, "at random")
    plan = write_plan(instance, scenarios, decisions, happened, proof)
    allocation = happened.allocation
    quantities = Quantities(
        allocation.allocated, allocation.emergency, allocation.shortage
    )
    return check(instance, scenarios, plan, quantities)


def _random_shares(
    problem: Problem, draw: np.random.Generator
) -> tuple[NDArray[np.float64], ...]:
    """Return shares in whole lots: two candidates of each pool, one whole right."""
    shares: list[NDArray[np.float64]] = []
    for holding, menu in zip(problem.holdings, problem.menus, strict=True):
        share = np.zeros(len(menu.candidates))
        if holding.offer is not None:
            share[draw.integers(len(share))] = 1.0
        else:
            for c in draw.choice(len(share), size=2, replace=False):
                lot = holding.material.lot_tonnes / menu.policies.target[c]
                share[c] = lot * np.floor(draw.uniform(0, 1 / 2) / lot)
        shares.append(share)
    return tuple(shares)
