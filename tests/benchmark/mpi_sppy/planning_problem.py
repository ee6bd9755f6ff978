"""The problem that a solve of a case assembles, and its cash rows that bind."""

from functools import cache

import numpy as np

from optimizer.deadline import NEVER
from optimizer.problem import CompleteProblem, complete_problem
from optimizer.scenarios import sample
from optimizer.separation import SeparatedProgram
from tests.benchmark.case import named


@cache
def problem_of(case: str, number_of_scenarios: int) -> CompleteProblem:
    """Return the problem that the project itself would solve."""
    instance = named(case)
    generator = np.random.default_rng(instance.options.seed)
    scenarios = sample(
        instance, number_of_scenarios=number_of_scenarios, generator=generator
    )
    return complete_problem(instance, scenarios)


def binding_cash_rows(problem: CompleteProblem) -> list[tuple[int, int]]:
    """Return the cash rows that the relaxation of the whole problem comes to."""
    program = SeparatedProgram(problem, is_relaxed=True)
    program.solve(NEVER)
    return sorted(program.cash_rows)
