"""The choice of a method and of executors, by the size of a case and the time left."""

import numpy as np

from models.options import Method
from optimizer.deadline import enforced_deadline
from optimizer.problem import FirstStageProblem
from optimizer.recourse.blocks import Recourse

MOST_RESPONSES_AT_ONCE = 100_000  # nonzeros of (24); more, and decomposition is faster
FEWEST_RESPONSES_FOR_PROCESSES = 1_000_000
FEWEST_SECONDS_FOR_PROCESSES = 10.0


def number_of_responses(problem: FirstStageProblem, recourse: Recourse) -> int:
    """Return how many numbers describe what all candidates do against the gaps."""
    short = np.bincount(recourse.short_m, minlength=len(problem.instance.materials))
    return sum(
        len(menu.candidates) * int(short[holding.m])
        for holding, menu in zip(problem.holdings, problem.menus, strict=True)
    )


def faster_method(size: int) -> Method:
    """Return the method that is faster for a number of responses."""
    is_large = size > MOST_RESPONSES_AT_ONCE
    return Method.DECOMPOSITION if is_large else Method.EXTENSIVE_FORM


def where_to_work(size: int) -> str:
    """Return the executors for a number of responses: processes take time to start."""
    is_worth_it = size > FEWEST_RESPONSES_FOR_PROCESSES
    has_time = enforced_deadline().seconds_left() > FEWEST_SECONDS_FOR_PROCESSES
    return "local" if is_worth_it and has_time else "here"
