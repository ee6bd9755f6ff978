"""The checked plan that holds the least its limits allow, whatever a program finds."""

from models.plan import Plan
from optimizer.checked_plan import PlanRejectedError, accept, cost_without_vault
from optimizer.evaluation.replay import replay
from optimizer.evaluation.statistics import cvar, mean
from optimizer.feasibility import Quantities
from optimizer.first_stage.cheapest_financing import FinancingError
from optimizer.first_stage.least_holdings import least_holdings
from optimizer.plan_document import Proof, decide, write_plan
from optimizer.point import Point
from optimizer.problem import FirstStageProblem, SimulatedProblem

LEAST_COST_USD = 0.0  # no cost of a scenario is negative


def least_plan(
    problem: FirstStageProblem, method: str, without_usd: float | None = None
) -> Plan | None:
    """Return the checked plan, with 0 as lower bound; None if limits allow none.

    without_usd is the cost of the world without vault. If it is None, the plan computes
    it: it is its own cost where nothing is held.
    """
    try:
        found = least_holdings(problem)
        return None if found is None else _checked(*found, method, without_usd)
    except (FinancingError, PlanRejectedError):
        return None


def _checked(
    held: SimulatedProblem, point: Point, method: str, without_usd: float | None
) -> Plan:
    """Return the plan of a point, which costs what its replay counts."""
    instance, scenarios = held.instance, held.scenarios
    decisions = decide(held, point, point.draws)
    happened = replay(instance, scenarios, decisions)
    costs, probability = happened.scenario_costs(), scenarios.probability
    expected, options = mean(costs, probability), instance.options
    tail = cvar(costs, probability, options.cvar_level)
    if without_usd is None:
        is_nothing = not decisions.tranches and not decisions.signed
        without_usd = expected if is_nothing else cost_without_vault(held)
    proof = Proof(
        expected_cost_usd=expected,
        objective_usd=(1 - options.cvar_weight) * expected + options.cvar_weight * tail,
        lower_bound_usd=LEAST_COST_USD,
        cost_without_vault_usd=without_usd,
        budget_shadow_price=None,
        method=method,
    )
    plan = write_plan(instance, scenarios, decisions, happened, proof)
    allocation = happened.allocation
    quantities = Quantities(
        allocation.allocated, allocation.emergency, allocation.shortage
    )
    del happened
    accept(instance, scenarios, plan, quantities)
    return plan
