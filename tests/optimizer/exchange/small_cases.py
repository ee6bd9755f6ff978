"""Problems of small cases drawn from a seed, two kinds of them."""

from collections.abc import Callable

import pytest

from models.reading import read_instance
from optimizer.problem import CompleteProblem, complete_problem
from tests.laws.tiny_cases import tiny_case, tiny_scenarios
from tests.optimizer.random_cases import random_case, random_scenarios

ProblemOf = Callable[[int], CompleteProblem]


def random_problem(seed: int) -> CompleteProblem:
    """Return a problem with stocks, rights and a contract, and money in plenty."""
    instance = random_case(seed, number_of_periods=3)
    return complete_problem(instance, random_scenarios(instance, seed))


def financed_problem(seed: int) -> CompleteProblem:
    """Return a problem where cash and loans bind, half of them with CVaR."""
    instance = read_instance(tiny_case(seed))
    return complete_problem(instance, tiny_scenarios(instance, seed))


PROBLEMS = pytest.mark.parametrize("problem_of", [random_problem, financed_problem])
