"""Plans for other budgets: the case solved again with all facilities larger or smaller.

A budget is the limits of all facilities, which keep their proportion, and the opening
cash, which stays. No cut depends on it, so all budgets are solved in one session, each
starting from the plan of the one before. More money costs more only where commitment
fees forbid that plan, or where the case asks for the extensive form, which does not
start from other solves. With such fees the plans of a budget need not be among those of
a larger one, so no bound is carried over.
"""

from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import Executor

from models.figures import PlanFigures, figures_of
from models.frontier import Frontier, FrontierPoint, SolvedPoint
from models.instance import Instance
from models.outcome import Outcome
from models.plan import Plan
from optimizer.cores import on_one_thread
from optimizer.deadline import IsInterrupted
from optimizer.decomposition.session import SolveSession
from optimizer.progress import SolveCallbacks
from optimizer.solve import solve_in_session

SAME = 1e-9  # relative: two factors that close are one
COPIED = (PlanFigures.model_fields.keys() & FrontierPoint.model_fields) - {"budget_usd"}


@on_one_thread
def frontier(
    instance: Instance,
    factors: Sequence[float],
    *,
    on_point: Callable[[SolvedPoint], None] | None = None,
    is_interrupted: IsInterrupted | None = None,
    executors: Sequence[Executor] | None = None,
) -> Frontier:
    """Solve a case with its limits scaled by each factor, smallest first.

    on_point gets each point with its plan as soon as it is there; budgets after an
    interruption are left out. Raises ValueError for a factor below 0.
    """
    if min(factors, default=0.0) < 0:
        msg = f"a factor is {min(factors)}, expected at least 0"
        raise ValueError(msg)
    points: list[FrontierPoint] = []
    callbacks = SolveCallbacks(is_interrupted=is_interrupted)
    with SolveSession(executors or "local") as session:
        for factor in sorted(set(factors)):
            if callbacks.was_interrupted():
                break
            other = scaled(instance, factor)
            outcome = solve_in_session(session, other, callbacks=callbacks)
            points.append(_point(other, outcome, is_as_given=abs(factor - 1) < SAME))
            if on_point is not None:
                on_point(SolvedPoint(**dict(points[-1]), plan=outcome.plan))
    return Frontier(
        instance_hash=instance.content_hash,
        materials=len(instance.materials),
        points=tuple(points),
    )


def scaled(instance: Instance, factor: float) -> Instance:
    """Return the case with the limits of all facilities scaled."""
    financing = instance.financing
    facilities = tuple(
        x.model_copy(update={"limit_usd": factor * x.limit_usd})
        for x in financing.facilities
    )
    changed = financing.model_copy(update={"facilities": facilities})
    return instance.model_copy(update={"financing": changed})


def _point(instance: Instance, outcome: Outcome, *, is_as_given: bool) -> FrontierPoint:
    point = FrontierPoint(
        budget_usd=instance.financing.budget_usd(),
        termination=outcome.termination,
        conflict=outcome.conflict,
        is_as_given=is_as_given,
    )
    if outcome.plan is None:
        return point
    return point.model_copy(update=_figures(outcome.plan))


def _figures(plan: Plan) -> Mapping[str, object]:
    days = [level.days_of_cover for level in plan.levels if level.tonnes > 0]
    found = dict(figures_of(plan))
    return {name: found[name] for name in COPIED} | {
        "least_days_of_cover_held": min(days, default=None),
        "mean_days_of_cover_held": sum(days) / len(days) if days else None,
        "plan_hash": plan.content_hash,
    }
