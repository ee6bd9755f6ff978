"""A plan from few of the scenarios, where time is too short for all: replayed on all.

Such a plan is checked like any other, but nothing is proved of its cost: the lower
bound is that of the least plan.
"""

from models.plan import Plan
from optimizer.checked_plan import PlanRejectedError
from optimizer.deadline import Deadline, enforced
from optimizer.decomposition.session import SolveSession
from optimizer.decomposition.solve import solve_by_decomposition
from optimizer.decomposition.starting_point import one_in
from optimizer.first_stage.cheapest_financing import FinancingError
from optimizer.least_plan import plan_of
from optimizer.point import Point
from optimizer.problem import FirstStageProblem, first_stage_problem
from optimizer.progress import ProgressLog
from optimizer.recourse.blocks import Recourse
from optimizer.solve_deadlines import SolveDeadlines

FEW = 20
CHECKS_FOR_ALL = 20  # a method needs about as long as so many checks of a plan
TIME_SHARE = 0.9  # of the time left
ROUGH_GAP = 0.05


def is_short(problem: FirstStageProblem, seconds: float, check_s: float) -> bool:
    """Return whether so many seconds are few for all scenarios, judged by a check."""
    number = problem.scenarios.number_of_scenarios
    return number >= 2 * FEW and seconds < CHECKS_FOR_ALL * check_s


def point_from_few(problem: FirstStageProblem, deadline: Deadline) -> Point | None:
    """Return the best point for few of the scenarios; None if there is none in time."""
    number = problem.scenarios.number_of_scenarios // FEW
    rough = {"gap": max(problem.instance.options.gap, ROUGH_GAP)}
    options = problem.instance.options.model_copy(update=rough)
    instance = problem.instance.model_copy(update={"options": options})
    scenarios, is_eased = one_in(problem.scenarios, number), problem.eases_levels
    few = first_stage_problem(instance, scenarios, eases_levels=is_eased)
    early = deadline.within(TIME_SHARE)
    with SolveSession("here") as session:
        return solve_by_decomposition(few, session, early, ProgressLog()).incumbent


def plan_from_few(
    problem: FirstStageProblem,
    recourse: Recourse,
    deadlines: SolveDeadlines,
    method: str,
    without_usd: float,
) -> Plan | None:
    """Return the checked plan of the point; None if there is none in time.

    Also if limits that hold in few scenarios do not hold in all.
    """
    point = point_from_few(problem, deadlines.search())
    if point is None:
        return None
    try:
        with enforced(deadlines.check()):
            return plan_of(problem, recourse, point, method, without_usd)
    except (FinancingError, PlanRejectedError):
        return None
