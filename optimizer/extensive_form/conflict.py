"""Which limits cannot hold together, when no first stage satisfies all of them."""

from dataclasses import replace

import numpy as np

from optimizer.problem import Problem
from optimizer.recourse.blocks import nothing_short
from optimizer.separation import SeparatedProgram


def conflicting_limits(
    problem: Problem, cash_rows: set[tuple[int, int]], *, is_relaxed: bool = True
) -> tuple[str, ...]:
    """Return the rows of an irreducible conflict, by the names of the page.

    Shortage can always be paid for, so a conflict lies in the first stage: the recourse
    is left out.
    """
    first_stage = replace(problem, recourse=nothing_short(problem.recourse))
    program = SeparatedProgram(first_stage, is_relaxed=is_relaxed, cash_rows=cash_rows)
    program.solve(seconds_left=lambda: np.inf)
    rows, _ = program.solver.conflict()
    return tuple(sorted({program.row_name(int(row)) for row in rows}))
