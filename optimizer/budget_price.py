"""The value of the next dollar, bounded by the relaxation for three budgets.

The value of the relaxation is convex in the limits of all facilities: what a dollar
avoids at a budget lies between what dollars of a larger and of a smaller one avoid. No
dual is used, so this checks the one that a plan prints.
"""

from collections.abc import Sequence
from concurrent.futures import Executor
from dataclasses import dataclass

import numpy as np

from models.instance import Instance
from models.options import Method, SolveOptions
from models.plan import Plan
from models.plan_warnings import missed_levels
from models.verification import CheckResult
from optimizer.cores import on_one_thread
from optimizer.deadline import NEVER
from optimizer.decomposition.session import SolveSession
from optimizer.evaluation.followed_scenarios import scenarios_of_plan
from optimizer.formulation import MILLION
from optimizer.frontier import scaled
from optimizer.problem import first_stage_problem
from optimizer.scenarios.scenario_set import ScenarioSet
from optimizer.solve import executors_for

STEP = 0.1  # of the limits of all facilities
GAP = 1e-4  # of each relaxation
ROUNDING_USD = 1.0  # of the solver, which counts in millions
STATEMENT = "The next dollar avoids what smaller and larger budgets say."


@dataclass(frozen=True, slots=True)
class _Bounds:
    """Bounds of the relaxation's value, US dollars; infinite if it has no point."""

    lower: float
    upper: float


@on_one_thread
def budget_price_check(
    instance: Instance,
    plan: Plan,
    executors: Sequence[Executor] | None = None,
    given: ScenarioSet | None = None,
) -> CheckResult:
    """Return the check of a plan's shadow price of the budget.

    It fails outside the interval that the budgets leave. A plan that was found before
    its relaxation has none, and a case without facilities has no budget to grow. given
    are the scenarios of a file, for a plan that was made for such.
    """
    price = plan.promise.budget_shadow_price
    lower, upper = 0.0, 0.0
    if price is not None:
        lower, upper = price_interval(instance, plan, executors, given)
    is_inside = price is None or lower <= price <= upper
    found = f"is {price}, expected {lower:.6g} to {upper:.6g}"
    return CheckResult(
        name="next dollar",
        statement=STATEMENT,
        is_passed=is_inside,
        violations=() if is_inside else (f"budget_shadow_price [promise]: {found}",),
    )


def price_interval(
    instance: Instance,
    plan: Plan,
    executors: Sequence[Executor] | None = None,
    given: ScenarioSet | None = None,
) -> tuple[float, float]:
    """Return the least and the most that the next dollar of a plan can avoid.

    Nothing is left without facilities: the least is then above the most.
    """
    options = SolveOptions.model_validate(plan.provenance.options)
    as_solved = instance.model_copy(update={"options": options})
    scenarios = scenarios_of_plan(as_solved, plan, given)
    budget = sum(f.limit_usd for f in instance.financing.facilities)
    if budget <= 0:
        return np.inf, -np.inf
    step, slack = STEP * budget, _slack(plan, options)
    is_eased = any(missed_levels(as_solved, plan))
    with SolveSession(executors or executors_for(as_solved, scenarios)) as session:
        less, same, more = (
            _relaxed(
                session, scaled(as_solved, factor), scenarios, eases_levels=is_eased
            )
            for factor in (1 - STEP, 1.0, 1 + STEP)
        )
    least = (same.lower - more.upper - slack) / step
    most = (less.upper - same.lower + slack) / step
    return least, most


def _slack(plan: Plan, options: SolveOptions) -> float:
    """Return how far the relaxation of the solve may be from its value, US dollars.

    A decomposition ends it within the gap; its dual is that of the cuts so far.
    """
    if options.method is Method.EXTENSIVE_FORM:
        return ROUNDING_USD
    gap = max(options.gap, plan.promise.gap)
    return gap * abs(plan.promise.objective_usd) + ROUNDING_USD


def _relaxed(
    session: SolveSession,
    instance: Instance,
    scenarios: ScenarioSet,
    *,
    eases_levels: bool,
) -> _Bounds:
    """Return the bounds of the relaxation of a case, solved on from the last one."""
    problem = first_stage_problem(instance, scenarios, eases_levels=eases_levels)
    relaxation = session.relaxation(problem, NEVER)
    relaxation.relax(GAP, NEVER)
    session.keep_cuts(relaxation)
    state = relaxation.state
    return _Bounds(state.lower_bound * MILLION, state.upper_bound * MILLION)
