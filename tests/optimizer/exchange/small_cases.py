"""Problems of small cases drawn from a seed, two kinds of them."""

from collections.abc import Callable

import numpy as np
import pytest

from models.reading import read_instance
from optimizer.problem import CompleteProblem, complete_problem
from tests import cases
from tests.cases import Case
from tests.laws.tiny_cases import tiny_case, tiny_scenarios
from tests.optimizer.random_cases import random_case, random_scenarios

LATER: Case = {"order": 1, "rate_per_year": 0.09}
ProblemOf = Callable[[int], CompleteProblem]


def random_problem(seed: int) -> CompleteProblem:
    """Return a problem with stocks, rights and a contract, and money in plenty."""
    instance = random_case(seed, number_of_periods=3)
    return complete_problem(instance, random_scenarios(instance, seed))


def financed_problem(seed: int) -> CompleteProblem:
    """Return a problem where cash and loans bind, half of them with CVaR.

    Where a right is offered, two lots of it are in force, and in one in two the
    contract.
    """
    case = tiny_case(seed)
    position: Case = {}
    for offer in case["entitlement_offers"][:1]:
        terms = {"offer": offer["id"], "lots": 2, "sourcing": "ready"}
        right: Case = terms | {"drawn_tonnes": 5.0}
        lot = cases.stock_lot(
            "pile", 15.0, material=offer["material"], right=offer["id"]
        )
        position = {"rights": [right], "stock": [lot]}
    if np.random.default_rng([seed, 6]).random() < 0.5:
        position["contracts"] = [{"contract": "offtake"}]
    case["position"] = position
    instance = read_instance(case)
    return complete_problem(instance, tiny_scenarios(instance, seed))


def problem_by_rule(seed: int) -> CompleteProblem:
    """Return a problem whose facilities the cash rule draws, capital before a loan.

    One in two is revolving, one in two has debt within the cover or within its
    multiple of the capital.
    """
    draw = np.random.default_rng([seed, 3])
    is_revolving, is_covered = draw.random() < 0.5, draw.random() < 0.5
    case = tiny_case(seed)
    limit = case["financing"]["facilities"][0]["limit_usd"]
    terms: Case = {"drawn": "revolving" if is_revolving else "when_needed"}
    fees = {"commitment_fee_per_year": 0.01, "exposure_fee": 0.02 * (not is_revolving)}
    case["financing"] = {
        "facilities": [
            cases.facility("own", kind="equity", limit_usd=0.3 * limit, **terms),
            cases.facility(limit_usd=0.7 * limit, **terms | fees, **LATER),
        ],
        "collateral_cover": draw.uniform(0.9, 1.3) if is_covered else None,
        "debt_to_equity_limit": None if is_covered else draw.uniform(1, 3),
    }
    instance = read_instance(case)
    return complete_problem(instance, tiny_scenarios(instance, seed))


PROBLEMS = pytest.mark.parametrize(
    "problem_of", [random_problem, financed_problem, problem_by_rule]
)
