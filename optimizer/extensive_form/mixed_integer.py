"""The mixed-integer model: near the incumbent's support first, then the whole menu."""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from optimizer.first_stage.found import Incumbent, Report
from optimizer.first_stage.searching import Search
from optimizer.first_stage.tranches import simplified, whole_lots
from optimizer.formulation import MILLION
from optimizer.highs import Solution, Status
from optimizer.point import Point, among
from optimizer.problem import Chosen, Problem
from optimizer.separation import SeparatedProgram

NEAR_CANDIDATES = 4
NEAR_TIME_SHARE = 0.5
SMALLEST_SHARE = 1e-9


@dataclass(frozen=True, slots=True)
class SearchStage:
    """One mixed-integer solve: whom it tells and how long it may take."""

    report: Report
    seconds_left: Callable[[], float]
    cash_rows: set[tuple[int, int]]

    def tell(self, best: Incumbent, objective: float) -> None:
        """Report a point of the solver that would be better than the incumbent.

        It may still break a cash row that is not there yet, so it may be withdrawn.
        """
        upper = objective * MILLION
        if upper < best.upper_bound_usd:
            self.report("unchecked point", best.lower_bound_usd, upper)


def improve(
    run: Search,
    best: Incumbent,
    relaxed: Solution,
    report: Report,
    cash_rows: set[tuple[int, int]],
) -> bool:
    """Solve mixed-integer models until the gap is met or time is up.

    They have the cash rows from the start that were found before.

    Return False if it is proved that no plan of the menu satisfies all limits.
    """
    problem = run.problem
    gap = problem.instance.options.gap
    near = _near(run, best, relaxed)
    whole = {
        h.name: np.arange(len(menu.candidates))
        for h, menu in zip(problem.holdings, problem.menus, strict=True)
    }
    is_all_near = all(len(near[name]) == len(all_) for name, all_ in whole.items())
    if best.gap > gap and not is_all_near:
        report("near candidates", best.lower_bound_usd, best.upper_bound_usd)
        until = NEAR_TIME_SHARE * run.seconds_left()
        stage = SearchStage(report, lambda: run.seconds_left() - until, cash_rows)
        _solve_among(run, best, near, stage)
    if best.gap > gap and run.seconds_left() > 0:
        report("whole menu", best.lower_bound_usd, best.upper_bound_usd)
        stage = SearchStage(report, run.seconds_left, cash_rows)
        solution = _solve_among(run, best, whole, stage)
        if solution.status in {Status.OPTIMAL, Status.LIMIT}:
            bound = solution.lower_bound * MILLION
            best.lower_bound_usd = max(best.lower_bound_usd, bound)
        return best.point is not None or solution.status is not Status.INFEASIBLE
    return True


def _near(run: Search, best: Incumbent, relaxed: Solution) -> Chosen:
    """Return candidates in use here or in the relaxation, and the best-priced rest."""
    problem = run.problem
    relaxed_shares = (
        run.program.point(relaxed.values).shares if relaxed.values is not None else ()
    )
    incumbent_shares = best.point.shares if best.point is not None else relaxed_shares
    chosen: Chosen = {}
    for h, cost in enumerate(run.program.reduced_costs(relaxed)):
        used = (relaxed_shares[h] > SMALLEST_SHARE) | (
            incumbent_shares[h] > SMALLEST_SHARE
        )
        near = np.argsort(np.where(used, np.inf, cost), kind="stable")[:NEAR_CANDIDATES]
        used[near] = True
        chosen[problem.holdings[h].name] = np.flatnonzero(used)
    return chosen


def _solve_among(
    run: Search, best: Incumbent, chosen: Chosen, stage: SearchStage
) -> Solution:
    """Solve the model on some candidates, offer what it finds, and return its end."""
    problem = run.problem
    program = SeparatedProgram(
        problem.restricted(chosen),
        is_relaxed=False,
        cash_rows=stage.cash_rows,
    )
    if best.point is not None:
        program.start_from(among(problem, best.point, chosen))
    program.solver.on_improvement(lambda objective: stage.tell(best, objective))
    solution = program.solve(
        seconds_left=stage.seconds_left, relative_gap=problem.instance.options.gap
    )
    if solution.values is not None:
        found = _within_all(problem, program.point(solution.values), chosen)
        run.program.fix_signed(found.signed)
        best.offer(whole_lots(run, found))
        best.offer(simplified(run, best.point))
    return solution


def _within_all(problem: Problem, point: Point, chosen: Chosen) -> Point:
    shares: list[NDArray[np.float64]] = []
    for holding, menu, share in zip(
        problem.holdings, problem.menus, point.shares, strict=True
    ):
        whole = np.zeros(len(menu.candidates))
        whole[chosen[holding.name]] = share
        shares.append(whole)
    return Point(
        tuple(shares),
        np.round(point.signed),
        point.draws,
        point.expected_cost_usd,
        point.objective_usd,
    )
