"""Integers in two steps: near the incumbent's support first, then the whole menu."""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from optimizer.deadline import Deadline
from optimizer.first_stage.incumbent import Incumbent
from optimizer.first_stage.searching import Search
from optimizer.highs import Solution, Status
from optimizer.problem import Chosen

NEAR_CANDIDATES = 4
NEAR_TIME_SHARE = 0.5
SMALLEST_NEAR_SHARE = 1e-9


@dataclass(frozen=True, slots=True)
class Neighbourhood:
    """The candidates that a mixed-integer model may use, and its deadline.

    The lower bound of the whole menu's model is one for the case.
    """

    stage: str
    chosen: Chosen
    deadline: Deadline
    is_whole_menu: bool = False


SolveAmong = Callable[[Neighbourhood], Status]


def improve(
    run: Search, best: Incumbent, relaxed: Solution, solve_among: SolveAmong
) -> bool:
    """Solve mixed-integer models until the gap is met or time is up.

    solve_among offers what it finds to the incumbent. Return False if it is proved that
    no plan of the menu satisfies all limits.
    """
    problem, deadline = run.problem, run.deadline
    gap = problem.instance.options.gap
    near = _near(run, best, relaxed)
    whole = {
        h.name: np.arange(len(menu.candidates))
        for h, menu in zip(problem.holdings, problem.menus, strict=True)
    }
    is_all_near = all(len(near[name]) == len(all_) for name, all_ in whole.items())
    if best.gap > gap and not is_all_near:
        earlier = deadline.within(NEAR_TIME_SHARE)
        solve_among(Neighbourhood("near candidates", near, earlier))
    if best.gap > gap and not deadline.is_over:
        status = solve_among(
            Neighbourhood("whole menu", whole, deadline, is_whole_menu=True)
        )
        return best.point is not None or status is not Status.INFEASIBLE
    return True


def _near(run: Search, best: Incumbent, relaxed: Solution) -> Chosen:
    """Return the candidates of incumbent and relaxation, and the best-priced others."""
    problem, program = run.problem, run.program
    point = None if relaxed.values is None else program.point(relaxed.values)
    shares = [p.shares for p in (point, best.point) if p is not None]
    chosen: Chosen = {}
    for h, cost in enumerate(program.reduced_costs(relaxed)):
        used = np.zeros(len(cost), dtype=np.bool_)
        for share in shares:
            used |= share[h] > SMALLEST_NEAR_SHARE
        near = np.argsort(np.where(used, np.inf, cost), kind="stable")[:NEAR_CANDIDATES]
        used[near] = True
        chosen[problem.holdings[h].name] = np.flatnonzero(used)
    return chosen
