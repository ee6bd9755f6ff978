"""One MIP over all planning scenarios: the baseline, and the reference of tests.

The relaxation gives the lower bound, the search a plan with few tranches and whole
lots; the mixed-integer model follows while the gap is not met and time is left.
"""

from dataclasses import dataclass, replace

from optimizer.cash_rows import Tangent, first_tangents
from optimizer.deadline import Deadline, OutOfTimeError, uninterrupted
from optimizer.first_stage.conflict import conflicting_limits
from optimizer.first_stage.incumbent import (
    NO_COST,
    NO_WHOLE_LOTS,
    Incumbent,
    OnBetter,
    SolveResult,
    infeasible,
    unsolved,
)
from optimizer.first_stage.mixed_integer import Neighbourhood, improve
from optimizer.first_stage.searching import Search
from optimizer.first_stage.tranches import search, simplified, whole_lots
from optimizer.formulation import MILLION
from optimizer.highs import Solution, Status
from optimizer.point import Point, among, spread
from optimizer.problem import (
    CompleteProblem,
    FirstStageProblem,
    completed,
    positions_in,
)
from optimizer.program_units import cost_of_stopping
from optimizer.progress import ProgressLog
from optimizer.recourse.blocks import Recourse
from optimizer.separation import SeparatedProgram
from optimizer.share_program import budget_shadow_price, weight_among_ties


def solve_whole_menus(
    problem: FirstStageProblem,
    recourse: Recourse,
    deadline: Deadline,
    log: ProgressLog,
    on_better: OnBetter | None = None,
) -> SolveResult:
    """Solve a problem whose candidates are merged, with points of the menus as given.

    Raises as `solve_extensive_form`.
    """
    merged = completed(problem, recourse)
    chosen = positions_in(problem, merged)
    last: list[tuple[Point, Point]] = []

    def of_menus(point: Point) -> Point:
        # One object for one point: a plan checked for it is not checked again.
        if not last or last[0][0] is not point:
            last[:] = [(point, spread(problem, point, chosen))]
        return last[0][1]

    def offer(point: Point, lower_bound_usd: float) -> None:
        if on_better is not None:
            on_better(of_menus(point), lower_bound_usd)

    result = solve_extensive_form(merged, deadline, log, on_better and offer)
    if result.incumbent is None:
        return result
    return replace(result, incumbent=of_menus(result.incumbent))


def solve_extensive_form(
    problem: CompleteProblem,
    deadline: Deadline,
    log: ProgressLog,
    on_better: OnBetter | None = None,
) -> SolveResult:
    """Solve the problem; on_better gets each better point and its lower bound.

    Raises OutOfTimeError if an enforced deadline is over before the relaxation is
    solved.
    """
    relaxation = SeparatedProgram(
        problem,
        is_relaxed=True,
        cash_rows=set(problem.calmest_cash_rows()),
        tangents=first_tangents(problem),
    )
    relaxed = relaxation.solve(deadline)
    if relaxed.status is Status.INFEASIBLE:
        return infeasible(
            conflicting_limits(problem, relaxation.cash_rows, relaxation.tangents)
        )
    if relaxed.status is not Status.OPTIMAL or relaxed.values is None:
        return unsolved(relaxed.status)
    lower = relaxation.point(relaxed.values).objective_usd
    log.bounds("relaxation", lower, float("inf"))
    shadow_price = budget_shadow_price(relaxation, relaxed)
    weight = weight_among_ties(relaxation, relaxed, lower, deadline)
    relaxed, least = _tied(relaxation, relaxed, weight, deadline)
    run = Search(
        relaxation,
        deadline,
        lambda point: log.bounds("few tranches", lower, point.objective_usd),
        least,
        lower,
    )
    no_cost = NO_COST * MILLION * cost_of_stopping(problem)
    best = Incumbent(None, lower, on_better, no_cost)
    best.tied_gap = problem.instance.options.gap if weight > 0 else 0.0
    try:
        with uninterrupted():
            best.offer(search(run, relaxed))
            log.bounds("whole lots", lower, best.upper_bound_usd)
            models = _MixedIntegerModels(
                problem,
                run,
                best,
                log,
                relaxation.cash_rows,
                tuple(relaxation.tangents),
            )
            if not improve(run, best, relaxed, models.solve):
                return infeasible((NO_WHOLE_LOTS,))
    except OutOfTimeError:
        pass  # the incumbent stands
    return best.result(problem.instance.options.gap, deadline, shadow_price)


def _tied(
    relaxation: SeparatedProgram, relaxed: Solution, weight: float, deadline: Deadline
) -> tuple[Solution, float]:
    """Return the optimum with the cost of holding by a weight, and its value, US$.

    It is the optimum as it was if the weight is 0 or time is up.
    """
    if weight > 0:
        relaxation.weigh_holding(weight)
        found = relaxation.solve(deadline)
        if found.status is Status.OPTIMAL and found.values is not None:
            return found, MILLION * found.objective
        relaxation.weigh_holding(0.0)
    return relaxed, MILLION * relaxed.objective


@dataclass(frozen=True, slots=True)
class _MixedIntegerModels:
    """Mixed-integer models over all scenarios, with the cash rows found before."""

    problem: CompleteProblem
    run: Search
    best: Incumbent
    log: ProgressLog
    cash_rows: set[tuple[int, int]]
    tangents: tuple[Tangent, ...]

    def solve(self, near: Neighbourhood) -> Status:
        """Solve the model of some candidates and offer the point that it finds."""
        problem, run, best = self.problem, self.run, self.best
        self.log.bounds(near.stage, best.lower_bound_usd, best.upper_bound_usd)
        program = SeparatedProgram(
            problem.restricted(near.chosen),
            is_relaxed=False,
            cash_rows=self.cash_rows,
            tangents=self.tangents,
        )
        if best.point is not None:
            program.start_from(among(problem, best.point, near.chosen))
        program.solver.on_improvement(self._report)
        gap = problem.instance.options.gap
        solution = program.solve(near.deadline, relative_gap=gap)
        if solution.values is not None:
            found = spread(problem, program.point(solution.values), near.chosen)
            run.program.bound_signed(found.signed, found.signed)
            best.offer(whole_lots(run, found))
            best.offer(simplified(run, best.point))
        is_bound = solution.status in {Status.OPTIMAL, Status.LIMIT}
        if near.is_whole_menu and is_bound:
            bound_usd = solution.lower_bound * MILLION
            best.prove_whole(bound_usd, is_presolved=program.solver.is_presolved)
        return solution.status

    def _report(self, objective: float) -> None:
        """Report a point of the solver that would be better than the incumbent.

        It may still violate a cash row that is not in the model yet.
        """
        upper = objective * MILLION
        if upper < self.best.upper_bound_usd:
            self.log.bounds("unchecked point", self.best.lower_bound_usd, upper)
