"""A plan of before, followed in a later case: what it costs more, what it breaks."""

from concurrent.futures import Executor

from models.instance import Instance
from models.plan import Plan
from models.plan_comparison import KeptPlan
from optimizer.evaluation.decisions import decisions_of
from optimizer.evaluation.evaluate import evaluate
from optimizer.evaluation.replay import cost_of_holding, replay
from optimizer.evaluation.statistics import mean
from optimizer.feasibility import Quantities, check_by_part
from optimizer.sample_quality import objective_of
from optimizer.solve import planning_scenarios

PARTS_WITH_LIMITS = ("form", "limits", "financing")


def keep(
    case: Instance,
    plan: Plan,
    kept: Plan,
    *,
    number_of_scenarios: int,
    seed: int,
    executors: tuple[Executor, ...] | None = None,
) -> KeptPlan:
    """Return what keeping a plan costs more than the plan made for the case.

    On the planning scenarios of the case, with the limits that it breaks there, and on
    fresh ones. Raises PlanMismatchError if it names what the case does not have, or has
    another number of periods.
    """
    scenarios = planning_scenarios(case)
    happened = replay(case, scenarios, decisions_of(case, kept))
    weight = case.options.cost_of_holding_weight or 0.0
    holding = mean(cost_of_holding(case, happened), scenarios.probability)
    objective = objective_of(case, scenarios, happened.scenario_costs())
    objective += weight * holding
    allocation = happened.allocation
    quantities = Quantities(
        allocation.allocated, allocation.emergency, allocation.shortage
    )
    found = check_by_part(case, scenarios, kept, quantities)
    promise = plan.promise
    fresh = evaluate(
        case,
        plan,
        number_of_scenarios=number_of_scenarios,
        seed=seed,
        others=[kept],
        executors=executors,
    )
    return KeptPlan(
        objective_usd=objective,
        dearer_usd=objective - promise.objective_usd,
        gap_usd=max(promise.objective_usd - promise.lower_bound_usd, 0.0),
        broken_limits=tuple(
            str(violation)
            for part in PARTS_WITH_LIMITS
            for violation in found.get(part, ())
            # What it states of itself was true of the case that it was made for.
            if part == "form" or violation.relation != "exactly"
        ),
        number_of_scenarios=number_of_scenarios,
        seed=seed,
        fresh=fresh.others[0],
    )
