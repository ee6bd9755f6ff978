"""The best plan of a lot less than a point that limits let in by their tolerance only.

The programs of a solve each keep rows up to a tolerance. Where a limit lies within it
of whole lots, the check can refuse what all of them have let in.
"""

from collections.abc import Iterator
from dataclasses import replace

import numpy as np

from models.plan import Plan
from optimizer.checked_plan import PlanRejectedError
from optimizer.first_stage.cheapest_financing import FinancingError, cheapest_draws
from optimizer.least_plan import replayed_plan
from optimizer.point import Point, among
from optimizer.problem import FirstStageProblem, SimulatedProblem
from optimizer.recourse.blocks import Recourse

MOST_TRIED = 20


def plan_of_fewer_lots(
    problem: FirstStageProblem, recourse: Recourse, point: Point, method: str
) -> Plan | None:
    """Return the cheapest checked plan with a lot less of one tranche, if any is.

    Its lower bound is that of `least_plan`. A right goes as a whole.
    """
    used = {
        holding.name: np.flatnonzero(share)
        for holding, share in zip(problem.holdings, point.shares, strict=True)
    }
    held = problem.simulated(used)
    best: Plan | None = None
    for tried, fewer in enumerate(_fewer(held, among(problem, point, used))):
        if tried == MOST_TRIED:
            break
        try:
            financed = replace(fewer, draws=cheapest_draws(held, fewer))
            plan = replayed_plan(held, financed, recourse, method, None)
        except (FinancingError, PlanRejectedError):
            continue
        if best is None or plan.promise.objective_usd < best.promise.objective_usd:
            best = plan
    return best


def _fewer(held: SimulatedProblem, point: Point) -> Iterator[Point]:
    """Yield the points with a lot less of one tranche, but of no right in force."""
    for h, (holding, menu) in enumerate(zip(held.holdings, held.menus, strict=True)):
        if holding.in_force is not None or holding.sale is not None:
            continue
        lots = menu.policies.target / holding.material.lot_tonnes
        for c, share in enumerate(point.shares[h].tolist()):
            left = round(share * float(lots[c])) - 1
            shares = [x.copy() for x in point.shares]
            shares[h][c] = left / lots[c] if holding.offer is None else 0.0
            yield replace(point, shares=tuple(shares))
