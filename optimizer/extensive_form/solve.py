"""The solve of the extensive form on one page: bound, good plan, whole model."""

import numpy as np

from models.outcome import Termination
from optimizer.extensive_form.mixed_integer import improve
from optimizer.first_stage.conflict import conflicting_limits, unbuyable_covers
from optimizer.first_stage.found import NO_WHOLE_LOTS, Found, Incumbent, Watch
from optimizer.first_stage.searching import Search
from optimizer.first_stage.tranches import search
from optimizer.highs import Solution, Status
from optimizer.problem import Problem
from optimizer.separation import SeparatedProgram


def solve_extensive_form(problem: Problem, watch: Watch) -> Found:
    """Solve the problem, telling who watches what is found on the way."""
    report, seconds_left = watch.report, watch.seconds_left
    if unbuyable := unbuyable_covers(problem):
        return Found(Termination.INFEASIBLE, None, np.inf, None, unbuyable)
    relaxation = SeparatedProgram(
        problem, is_relaxed=True, cash_rows=_calmest_rows(problem)
    )
    relaxed = relaxation.solve(seconds_left=seconds_left)
    if relaxed.status is not Status.OPTIMAL or relaxed.values is None:
        return _without_plan(problem, relaxation, relaxed)
    lower = relaxation.point(relaxed.values).objective_usd
    report("relaxation", lower, np.inf)
    shadow_price = budget_shadow_price(relaxation, relaxed)
    run = Search(
        relaxation,
        seconds_left,
        lambda point: report("few tranches", lower, point.objective_usd),
        lower,
    )
    best = Incumbent(None, lower, lambda point: watch.on_incumbent(point, lower))
    best.offer(search(run, relaxed))
    report("whole lots", lower, best.upper_bound_usd)
    if not improve(run, best, relaxed, report, relaxation.cash_rows):
        return Found(Termination.INFEASIBLE, None, np.inf, None, (NO_WHOLE_LOTS,))
    return Found(
        best.termination(problem.instance.options.gap, seconds_left()),
        best.point,
        best.lower_bound_usd,
        shadow_price,
    )


def budget_shadow_price(program: SeparatedProgram, solution: Solution) -> float | None:
    """Return the objective avoided by a dollar more, all facilities in proportion."""
    facilities = program.problem.instance.financing.facilities
    total = sum(f.limit_usd for f in facilities)
    if total <= 0:
        return None
    # Subtracted, not negated: a dollar of no worth is worth 0.0 and not -0.0.
    return 0.0 - sum(
        program.dual(solution, program.model.draw_limit[f.id]) * f.limit_usd / total
        for f in facilities
    )


def _calmest_rows(problem: Problem) -> set[tuple[int, int]]:
    """Return the cash rows of the scenario with the least gap: most bind there."""
    calmest = int(problem.market.market_gap.sum(axis=(0, 2)).argmin())
    return {(t, calmest) for t in range(problem.instance.horizon.number_of_periods)}


def _without_plan(
    problem: Problem, program: SeparatedProgram, solution: Solution
) -> Found:
    known = {
        Status.INFEASIBLE: Termination.INFEASIBLE,
        Status.LIMIT: Termination.TIME_LIMIT,
    }
    termination = known.get(solution.status, Termination.NUMERICAL)
    conflict: tuple[str, ...] = ()
    if termination is Termination.INFEASIBLE:
        conflict = conflicting_limits(problem, program.cash_rows)
    return Found(termination, None, -np.inf, None, conflict)
