"""A point becomes a plan only after its printed rules were replayed and checked."""

from dataclasses import dataclass

import numpy as np

from models.cost_of_holding import CostOfHolding
from models.instance import Instance
from models.plan import Plan
from optimizer.cost_of_holding import cost_of_point
from optimizer.evaluation.chunks import in_chunks
from optimizer.evaluation.decisions import nothing_held
from optimizer.evaluation.replay import replay
from optimizer.evaluation.statistics import mean
from optimizer.feasibility import Quantities, check
from optimizer.feasibility.tolerances import NO_COST, PROMISE
from optimizer.first_stage.cheapest_financing import cheapest_draws
from optimizer.gap import gap_of
from optimizer.plan_document import Proof, decide, write_plan
from optimizer.point import Point, among
from optimizer.problem import FirstStageProblem
from optimizer.scenarios.scenario_set import ScenarioSet

SMALLEST_PLANNED_SHARE = 1e-12


class PlanRejectedError(RuntimeError):
    """The independent replay or check does not accept the plan; it is not shown."""


@dataclass(frozen=True, slots=True)
class Bound:
    """The proof of a point's cost, and the method that found it."""

    lower_bound_usd: float
    budget_shadow_price: float | None
    method: str


def cost_without_vault(problem: FirstStageProblem) -> float:
    """Return the expected shortage cost of a world without vault, US dollars."""
    instance, nothing = problem.instance, nothing_held(problem.instance)
    costs = [
        replay(instance, part, nothing).scenario_costs()
        for part in in_chunks(problem.scenarios)
    ]
    return mean(np.concatenate(costs), problem.scenarios.probability)


def checked_plan(
    problem: FirstStageProblem,
    point: Point,
    bound: Bound,
    without_usd: float | None = None,
) -> Plan:
    """Replay a point by its printed rules and check every limit.

    without_usd is the cost of the world without vault, computed if it is None. Only the
    candidates in use are simulated. Raises PlanRejectedError if promise and replay
    differ, a limit is broken or the bound is above the cost.
    """
    instance, scenarios = problem.instance, problem.scenarios
    used = {
        holding.name: np.flatnonzero(share > SMALLEST_PLANNED_SHARE)
        for holding, share in zip(problem.holdings, point.shares, strict=True)
    }
    held, few = problem.simulated(used), among(problem, point, used)
    draws = cheapest_draws(held, few)
    decisions = decide(held, few, draws)
    holding = cost_of_point(held, few.shares, few.signed, draws)
    del held, few
    if without_usd is None:
        without_usd = cost_without_vault(problem)
    happened = replay(instance, scenarios, decisions)
    # Draws that cost less than those of the solve improve its objective.
    weight = instance.options.cost_of_holding_weight or 0.0
    saved = weight * (point.cost_of_holding_usd - holding)
    objective = point.objective_usd - saved
    proof = Proof(
        expected_cost_usd=point.expected_cost_usd,
        objective_usd=objective,
        lower_bound_usd=proven(bound.lower_bound_usd, objective, without_usd),
        cost_without_vault_usd=without_usd,
        budget_shadow_price=bound.budget_shadow_price,
        method=bound.method,
        cost_of_holding_usd=holding,
    )
    plan = write_plan(instance, scenarios, decisions, happened, proof)
    quantities = Quantities(
        allocated=happened.allocation.allocated,
        emergency=happened.allocation.emergency,
        shortage=happened.allocation.shortage,
    )
    # Gigabytes for a large case, and the check needs as many.
    del happened
    accept(instance, scenarios, plan, quantities)
    return plan


def with_bound(plan: Plan, bound: Bound) -> Plan:
    """Return a checked plan with a better bound.

    Raises PlanRejectedError if it is above the cost.
    """
    objective = plan.promise.objective_usd
    without = plan.promise.cost_without_vault_usd
    lower = proven(bound.lower_bound_usd, objective, without)
    update = {
        "lower_bound_usd": lower,
        "gap": gap_of(objective, lower, NO_COST * without),
        "budget_shadow_price": bound.budget_shadow_price,
    }
    promise = plan.promise.model_copy(update=update)
    return plan.model_copy(update={"promise": promise}).sealed()


def proven(lower: float, objective: float, without_usd: float) -> float:
    """Return the bound, at most the objective; one that crosses it is a fault."""
    tolerance = PROMISE * abs(objective) + NO_COST * without_usd
    if not lower <= objective + tolerance:
        msg = f"lower bound is {lower:.6f}, expected at most {objective:.6f}"
        raise PlanRejectedError(msg)
    return min(lower, objective)


def accept(
    instance: Instance, scenarios: ScenarioSet, plan: Plan, quantities: Quantities
) -> None:
    """Raise PlanRejectedError unless promise and replay agree and all limits hold."""
    promise = plan.promise
    promised = promise.expected_shortage_cost_usd
    simulated = promise.simulated_shortage_cost_usd
    nothing = NO_COST * abs(promise.cost_without_vault_usd)
    tolerance = PROMISE * abs(promised) + nothing
    if abs(promised - simulated) > tolerance:
        msg = f"promise is {promised:.6f}, expected the simulated {simulated:.6f}"
        raise PlanRejectedError(msg)
    held, replayed = promise.cost_of_holding_usd, promise.cost_of_holding
    if held is None or replayed is None or not _agrees(held, replayed):
        found = None if replayed is None else replayed.total_usd
        msg = f"cost of holding is {held}, expected the simulated {found}"
        raise PlanRejectedError(msg)
    violations = check(instance, scenarios, plan, quantities)
    if violations:
        raise PlanRejectedError("\n".join(str(violation) for violation in violations))


def _agrees(holding_usd: float, replayed: CostOfHolding) -> bool:
    """Return whether the model's cost of holding is that of the replay."""
    tolerance = PROMISE * replayed.moved_usd
    return abs(holding_usd - replayed.total_usd) <= tolerance
