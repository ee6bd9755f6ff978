"""Plans that a solve returned, with rights, contracts, covenants and CVaR."""

from functools import cache

import numpy as np
import pytest

from models.instance import Instance
from models.plan import Plan
from optimizer.evaluation.decisions import decisions_of
from optimizer.evaluation.replay import replay
from optimizer.feasibility import Quantities, Violation, check
from optimizer.scenarios.scenario_set import ScenarioSet
from optimizer.solve import solve_on
from tests.optimizer.feasibility.financed import financed
from tests.optimizer.random_cases import random_case, random_scenarios

SEEDS = (0, 2, 5)


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
