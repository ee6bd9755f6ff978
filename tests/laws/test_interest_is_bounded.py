"""What the program counts for interest by the cash rule is never above the true cost.

Else the bound of an objective that weighs the cost of holding would not be one.
"""

from typing import Any

import numpy as np
import pytest

from models.reading import read_instance
from optimizer.cost_of_holding import (
    cost_of_point,
    cost_of_whole,
    expected_money,
    final_factor,
    premia_of,
)
from optimizer.financing import balances, net_financing
from optimizer.problem import complete_problem
from tests.optimizer.decomposition.drawn_cases import drawn_trial, limited_case
from tests.optimizer.random_cases import random_scenarios

SEEDS = range(4_000, 4_012)
AMPLE_USD = 1e12


def case_of(seed: int, drawn: str, scheduled_usd: float) -> dict[str, Any]:
    """Return a drawn case with a line by the rule that is never exhausted."""
    case = limited_case(seed)
    line = {"id": "line", "name": "Line", "kind": "loan", "rate_per_year": 0.07}
    loan = {"id": "loan", "name": "Loan", "kind": "loan", "rate_per_year": 0.05}
    case["financing"] |= {
        "facilities": [
            loan | {"limit_usd": scheduled_usd},
            line | {"limit_usd": AMPLE_USD, "drawn": drawn},
        ],
        "debt_to_equity_limit": None,
    }
    return case


@pytest.mark.parametrize("seed", SEEDS)
@pytest.mark.parametrize("drawn", ["when_needed", "revolving"])
@pytest.mark.parametrize("scheduled_usd", [0.0, 1e7])
def test_the_linear_cost_is_never_above_the_true_one(
    seed: int, drawn: str, scheduled_usd: float
) -> None:
    """For any shares, with and without a scheduled loan that is drawn at the start."""
    instance = read_instance(case_of(seed, drawn, scheduled_usd))
    problem = complete_problem(instance, random_scenarios(instance, seed, 3))
    trial = drawn_trial(problem, np.random.default_rng(seed))
    signed = np.zeros(len(problem.contracts))
    draws = np.zeros((2, instance.horizon.number_of_periods))
    draws[0, 0] = scheduled_usd
    whole, _ = cost_of_whole(instance, expected_money(problem))
    linear = sum(float(a @ b) for a, b in zip(whole, trial.shares, strict=True))
    owed = float(balances(instance, draws)[:, -1].sum())
    paid = float(premia_of(problem, trial.shares).sum())
    linear += final_factor(instance) * (
        owed - float(net_financing(instance, draws)[-1]) + paid
    )
    true = cost_of_point(problem, trial.shares, signed, draws)
    assert linear <= true + 1e-9 * (abs(true) + scheduled_usd) + 1e-3
