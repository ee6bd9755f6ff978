"""The solve of the extensive form on one page: bound, good plan, whole model."""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from models.outcome import Termination
from optimizer.extensive_form.conflict import conflicting_limits, unbuyable_covers
from optimizer.extensive_form.mixed_integer import Incumbent, Report, improve
from optimizer.extensive_form.tranches import Search, search
from optimizer.highs import Solution, Status
from optimizer.problem import Problem
from optimizer.separation import Point, SeparatedProgram

OPTIMALITY_TOLERANCE = 1e-6
NO_WHOLE_LOTS = "whole_lots: no whole numbers of lots satisfy all limits together"


@dataclass(frozen=True, slots=True)
class Found:
    """What a solve ended with: the incumbent, if any, and the proof."""

    termination: Termination
    incumbent: Point | None
    lower_bound_usd: float
    budget_shadow_price: float | None
    conflict: tuple[str, ...] = ()


def solve_extensive_form(
    problem: Problem, report: Report, seconds_left: Callable[[], float]
) -> Found:
    """Solve the problem; report(stage, lower bound, upper bound) on the way."""
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
    )
    best = Incumbent(search(run, relaxed), lower)
    report("whole lots", lower, best.upper_bound_usd)
    if not improve(run, best, relaxed, report):
        return Found(Termination.INFEASIBLE, None, np.inf, None, (NO_WHOLE_LOTS,))
    return Found(
        _termination(best, problem, seconds_left()),
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


def _termination(best: Incumbent, problem: Problem, seconds_left: float) -> Termination:
    """Return how it ended; with time left, the solver's digits were what ran out."""
    if best.point is not None and best.gap <= OPTIMALITY_TOLERANCE:
        return Termination.OPTIMAL
    if best.point is not None and best.gap <= problem.instance.options.gap:
        return Termination.GAP_REACHED
    return Termination.NUMERICAL if seconds_left > 0 else Termination.TIME_LIMIT


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
