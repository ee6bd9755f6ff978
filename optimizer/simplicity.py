"""What simplicity costs: the same case with one tranche a pool, two, and so on.

Cuts do not depend on the limit, so all limits share what is known. With few tranches
the search is not followed by branching: the gap says how much better a plan may be.
"""

from collections.abc import Callable, Sequence
from concurrent.futures import Executor

from models.instance import Instance
from models.outcome import SimplicityRow
from optimizer.checked_plan import Bound, checked_plan
from optimizer.decomposition.session import SolveSession
from optimizer.decomposition.solve import search_by_decomposition
from optimizer.executors import open_executors
from optimizer.first_stage.found import Watch
from optimizer.gap import gap_of
from optimizer.point import Point
from optimizer.problem import outline
from optimizer.solve import (
    never,
    number_of_responses,
    planning_scenarios,
    where_to_work,
)

MOST_TRANCHES = 6


def simplicity(
    instance: Instance,
    *,
    on_row: Callable[[SimplicityRow], None] | None = None,
    is_interrupted: Callable[[], bool] = never,
    executors: Sequence[Executor] | None = None,
) -> tuple[SimplicityRow, ...]:
    """Return what 1 .. 6 tranches cost, fewest first; every plan is checked.

    A limit without a plan has no row.
    """
    if executors is None:
        problem = outline(instance, planning_scenarios(instance))
        where = where_to_work(number_of_responses(problem))
        with open_executors(where) as opened:
            return simplicity(
                instance,
                on_row=on_row,
                is_interrupted=is_interrupted,
                executors=opened,
            )
    base = SolveSession(executors)
    rows: list[SimplicityRow] = []
    try:
        for limit in range(MOST_TRANCHES, 0, -1):
            row = _row(_limited(instance, limit), base, is_interrupted)
            if row is not None and not is_interrupted():
                rows.append(row)
                if on_row is not None:
                    on_row(row)
    finally:
        base.close()
    return tuple(reversed(rows))


def _limited(instance: Instance, limit: int) -> Instance:
    options = instance.options.model_copy(update={"max_tranches": limit})
    return instance.model_copy(update={"options": options})


def _row(
    instance: Instance, base: SolveSession, is_interrupted: Callable[[], bool]
) -> SimplicityRow | None:
    problem = outline(instance, planning_scenarios(instance))
    watch = Watch(_silent, _unheard, lambda: 0.0 if is_interrupted() else float("inf"))
    found = search_by_decomposition(problem, base, watch)
    if found.incumbent is None:
        return None
    bound = Bound(found.lower_bound_usd, None, "decomposition")
    plan = checked_plan(problem, found.incumbent, bound)
    objective = plan.promise.objective_usd
    return SimplicityRow(
        max_tranches=instance.options.max_tranches,
        objective_usd=objective,
        lower_bound_usd=plan.promise.lower_bound_usd,
        gap=gap_of(objective, plan.promise.lower_bound_usd),
        tranches=len(plan.tranches()),
    )


def _silent(stage: str, lower: float, upper: float, cuts: int | None = None) -> None:
    """Tell nobody."""


def _unheard(point: Point, lower_bound: float) -> None:
    """Tell nobody."""
