"""Whole plans: those that a solve returned, and random ones that were replayed."""

from functools import cache

import numpy as np
import pytest
from numpy.typing import NDArray

from models.finance import Facility, Financing
from models.instance import Instance
from models.plan import Plan
from optimizer.cost_of_holding import cost_of_point
from optimizer.evaluation.decisions import decisions_of, nothing_held
from optimizer.evaluation.replay import replay
from optimizer.evaluation.statistics import cvar, mean
from optimizer.feasibility import Quantities, Violation, check
from optimizer.plan_document import Proof, decide, write_plan
from optimizer.point import Point
from optimizer.problem import FirstStageProblem, complete_problem
from optimizer.scenarios.scenario_set import ScenarioSet
from optimizer.solve import solve_on
from tests.optimizer.random_cases import random_case, random_scenarios

SEEDS = (0, 2, 5)
# A plan drawn at random keeps no limit on what is held and bought, drawn or borrowed.
LIMITS = {
    "minimum_cover",
    "storage_capacity",
    "outload_limit",
    "market_capacity",
    "route_capacity",
    "origin_cap",
    "debt_to_equity",
    "cash_nonnegative",
    "collateral",
}


@pytest.mark.parametrize("seed", SEEDS)
def test_accepts_what_a_solve_returns(seed: int) -> None:
    """Every limit of a solved plan holds, and its promise is kept."""
    assert _check(*_solved(seed)) == ()


@pytest.mark.parametrize("seed", SEEDS)
def test_refuses_a_plan_that_buys_less_than_it_says(seed: int) -> None:
    """With a lot less in its first tranche a solved plan is refused."""
    instance, scenarios, plan = _solved(seed)
    content = plan.model_dump()
    level = next(level for level in content["levels"] if level["tranches"])
    level["tranches"][0]["tonnes"] *= 1 - 1e-6
    found = _check(instance, scenarios, Plan.model_validate(content))
    assert {"whole_lots", "share"} <= {violation.row for violation in found}


@pytest.mark.parametrize("seed", SEEDS)
def test_refuses_a_plan_that_draws_too_little(seed: int) -> None:
    """A solved plan draws as little as it can: with less, cash runs out."""
    instance, scenarios, plan = _solved(seed)
    content = plan.model_dump()
    drawn = [x for x in content["financing"] if sum(x["draws_usd"].values()) > 0]
    drawn[0]["draws_usd"] = dict.fromkeys(drawn[0]["draws_usd"], 0.0)
    found = _check(instance, scenarios, Plan.model_validate(content))
    assert "cash_nonnegative" in {violation.row for violation in found}


@cache
def _solved(seed: int) -> tuple[Instance, ScenarioSet, Plan]:
    instance = financed(random_case(seed), seed, opening_cash_usd=500.0)
    scenarios = random_scenarios(instance, seed)
    plan = solve_on(instance, scenarios).plan
    assert plan is not None
    return instance, scenarios, plan


def _check(
    instance: Instance, scenarios: ScenarioSet, plan: Plan
) -> tuple[Violation, ...]:
    happened = replay(instance, scenarios, decisions_of(instance, plan))
    allocation = happened.allocation
    assert np.isfinite(happened.cost).all()
    return check(
        instance,
        scenarios,
        plan,
        Quantities(allocation.allocated, allocation.emergency, allocation.shortage),
    )


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
    problem = complete_problem(instance, scenarios)
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
    holding = cost_of_point(problem, point.shares, signed, draws)
    proof = Proof(
        expected, objective, 0.5 * objective, nothing, None, "extensive form", holding
    )
    plan = write_plan(instance, scenarios, decisions, happened, proof)
    allocation = happened.allocation
    quantities = Quantities(
        allocation.allocated, allocation.emergency, allocation.shortage
    )
    return check(instance, scenarios, plan, quantities)


def _random_shares(
    problem: FirstStageProblem, draw: np.random.Generator
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


def financed(instance: Instance, seed: int, *, opening_cash_usd: float) -> Instance:
    """Give a case a loan with instalments, a capital line, covenants and CVaR."""
    draw = np.random.default_rng(seed)
    loan = Facility(
        id="loan",
        name="Loan",
        kind="loan",
        limit_usd=1e6,
        rate_per_year=0.06,
        exposure_fee=0.01,
        commitment_fee_per_year=0.005,
        last_draw_period=1,
        repayment_start_period=2,
        number_of_instalments=int(draw.integers(1, 5)),
    )
    capital = Facility(
        id="capital", name="Capital", kind="equity", limit_usd=1e6, rate_per_year=0.08
    )
    financing = Financing(
        facilities=(loan, capital),
        opening_cash_usd=opening_cash_usd,
        debt_to_equity_limit=2.0,
        collateral_cover=1.2,
        pool_sale_price=instance.financing.pool_sale_price,
    )
    options = instance.options.model_copy(
        update={"cvar_weight": 0.3, "cvar_level": 0.5}
    )
    return instance.model_copy(update={"financing": financing, "options": options})
