"""What simplicity costs: the same case with at most one tranche a pool, two, and so on.

Cuts do not depend on the limit, so all limits are solved in one session. There is no
branching: the gap limits how much better a plan with so few tranches can be.
"""

from collections.abc import Callable, Sequence
from concurrent.futures import Executor
from dataclasses import replace

from models.allowed_levels import are_drawn_down
from models.instance import Instance
from models.outcome import SimplicityRow, Termination
from optimizer.checked_plan import Bound, checked_plan
from optimizer.cores import on_one_thread
from optimizer.deadline import Deadline, IsInterrupted
from optimizer.decomposition.session import SolveSession
from optimizer.decomposition.solve import search_by_decomposition
from optimizer.problem import first_stage_problem
from optimizer.progress import ProgressLog
from optimizer.scenarios.scenario_set import ScenarioSet
from optimizer.solve import executors_for, planning_scenarios

MOST_TRANCHES = 6


@on_one_thread
def simplicity(
    instance: Instance,
    *,
    scenarios: ScenarioSet | None = None,
    on_row: Callable[[SimplicityRow], None] | None = None,
    is_interrupted: IsInterrupted | None = None,
    executors: Sequence[Executor] | None = None,
) -> tuple[SimplicityRow, ...]:
    """Return what 1 .. 6 tranches cost, fewest first; every plan is checked.

    A limit without a plan has no row. Scenarios are those of the options unless some
    are given.
    """
    chosen = scenarios or planning_scenarios(instance)
    deadline = Deadline(is_interrupted=is_interrupted)
    rows: list[SimplicityRow] = []
    with SolveSession(executors or executors_for(instance, chosen)) as session:
        for limit in range(MOST_TRANCHES, 0, -1):
            row = _row(_limited(instance, limit), chosen, session, deadline)
            if row is not None and not deadline.is_over:
                rows.append(row)
                if on_row is not None:
                    on_row(row)
    return tuple(reversed(rows))


def _limited(instance: Instance, limit: int) -> Instance:
    options = instance.options.model_copy(update={"max_tranches": limit})
    return instance.model_copy(update={"options": options})


def _row(
    instance: Instance,
    scenarios: ScenarioSet,
    session: SolveSession,
    deadline: Deadline,
) -> SimplicityRow | None:
    problem = first_stage_problem(instance, scenarios)
    found = search_by_decomposition(problem, session, deadline, ProgressLog())
    if found.termination is Termination.INFEASIBLE and are_drawn_down(instance):
        problem = replace(problem, eases_levels=True)
        found = search_by_decomposition(problem, session, deadline, ProgressLog())
    if found.incumbent is None:
        return None
    bound = Bound(found.lower_bound_usd, None, "decomposition")
    plan = checked_plan(problem, found.incumbent, bound)
    objective = plan.promise.objective_usd
    return SimplicityRow(
        max_tranches=instance.options.max_tranches,
        objective_usd=objective,
        lower_bound_usd=plan.promise.lower_bound_usd,
        gap=plan.promise.gap,
        tranches=len(plan.tranches()),
    )
