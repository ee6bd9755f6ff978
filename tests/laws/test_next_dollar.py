"""The next dollar is what a dollar more of financing avoids, whatever terms bind.

The relaxation's value is convex in the limits of all facilities, so what a dollar
avoids lies between what a small step down costs and what a small step up avoids.
"""

import numpy as np
import pytest

from models.instance import Instance
from models.reading import read_instance
from optimizer.deadline import NEVER
from optimizer.frontier import scaled
from optimizer.problem import complete_problem
from optimizer.scenarios.scenario_set import ScenarioSet
from optimizer.separation import SeparatedProgram
from optimizer.share_program import budget_shadow_price
from optimizer.solve import solve_on
from tests.cases import Case, changed
from tests.optimizer.decomposition.drawn_cases import limited_case
from tests.optimizer.random_cases import random_scenarios

STEP = 1e-4  # of all limits
ROUNDING = 1e-6
COVER = "financing.collateral_cover"
HOLDING = "options.cost_of_holding_weight"
NEEDED: Case = {"drawn": "when_needed", "rate_per_year": 0.08}
SCHEDULED: Case = {"drawn": "by_schedule"}
# The part of the loan of the case that each facility has, and its terms.
TERMS: dict[str, list[tuple[float, Case]]] = {
    "a fee on all that may be drawn": [
        (1.0, NEEDED | {"kind": "loan", "commitment_fee_per_year": 0.04}),
    ],
    "capital first, then a loan": [
        (0.3, NEEDED | {"kind": "equity", "accrues": True}),
        (1.0, NEEDED | {"kind": "loan", "order": 1, "exposure_fee": 0.02}),
    ],
    "a loan beside capital": [
        (0.4, NEEDED | {"kind": "equity"}),
        (1.0, NEEDED | {"kind": "loan", "exposure_fee": 0.02}),
    ],
    "by schedule": [
        (0.4, NEEDED | SCHEDULED | {"kind": "equity"}),
        (1.0, NEEDED | SCHEDULED | {"kind": "loan", "commitment_fee_per_year": 0.01}),
    ],
}


def financed(
    seed: int, terms: str, changes: dict[str, object]
) -> tuple[Instance, ScenarioSet]:
    """Return a case of a seed with other facilities, and scenarios."""
    case = limited_case(seed)
    limit = case["financing"]["facilities"][0]["limit_usd"]
    lines: list[Case] = []
    for i, (part, line) in enumerate(TERMS[terms]):
        named = {"id": f"f{i}", "name": f"F{i}", "limit_usd": part * limit}
        lines.append(named | line)
    plain: dict[str, object] = {
        "financing.facilities": lines,
        "financing.collateral_cover": None,
        "financing.debt_to_equity_limit": None,
        "options.cvar_weight": 0.0,
    }
    instance = read_instance(changed(case, plain | changes))
    return instance, random_scenarios(instance, seed, 3)


def worth(instance: Instance, scenarios: ScenarioSet) -> tuple[float, float | None]:
    """Return the relaxation's value in US dollars, and the next dollar."""
    problem = complete_problem(instance, scenarios)
    program = SeparatedProgram(problem, is_relaxed=True)
    solution = program.solve(NEVER)
    if solution.values is None:
        return np.inf, None
    value = program.point(solution.values).objective_usd
    return value, budget_shadow_price(program, solution)


@pytest.mark.parametrize(
    ("terms", "changes", "seed"),
    [
        ("a fee on all that may be drawn", {COVER: 1.0}, 3_001),
        ("capital first, then a loan", {}, 3_001),
        ("capital first, then a loan", {COVER: 1.3}, 3_000),
        ("capital first, then a loan", {"financing.debt_to_equity_limit": 1.5}, 3_001),
        ("a loan beside capital", {COVER: 1.3, HOLDING: 0.5}, 3_000),
        ("by schedule", {COVER: 1.3}, 3_000),
    ],
)
def test_the_next_dollar_is_what_it_avoids(
    terms: str, changes: dict[str, object], seed: int
) -> None:
    """By both methods, with the cover, fees and several orders."""
    instance, scenarios = financed(seed, terms, changes)
    value, price = worth(instance, scenarios)
    assert price is not None
    step = STEP * sum(x.limit_usd for x in instance.financing.facilities)
    least = (value - worth(scaled(instance, 1 + STEP), scenarios)[0]) / step
    most = (worth(scaled(instance, 1 - STEP), scenarios)[0] - value) / step
    assert least > 0
    decomposed = financed(seed, terms, changes | {"options.method": "decomposition"})
    plan = solve_on(*decomposed).plan
    assert plan is not None
    for found in (price, plan.promise.budget_shadow_price):
        assert found is not None
        assert least * (1 - ROUNDING) <= found <= most * (1 + ROUNDING)


def test_money_that_nothing_needs_is_worth_nothing() -> None:
    """Exactly 0, not what rounding leaves of the duals."""
    little_debt: dict[str, object] = {"financing.debt_to_equity_limit": 1.5}
    found = worth(*financed(3_001, "a loan beside capital", little_debt))
    assert found[1] == 0.0
