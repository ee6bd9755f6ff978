"""The checked plan that holds the least its limits allow, whatever a program finds."""

from dataclasses import replace

import numpy as np

from models.options import SolveOptions
from models.plan import Plan
from optimizer.checked_plan import (
    SMALLEST_PLANNED_SHARE,
    PlanRejectedError,
    accept,
    cost_without_vault,
)
from optimizer.cost_of_holding import cost_of_point
from optimizer.evaluation.objective import objective_of
from optimizer.evaluation.replay import replay
from optimizer.evaluation.statistics import mean
from optimizer.feasibility import Quantities
from optimizer.first_stage.cheapest_financing import FinancingError, cheapest_draws
from optimizer.first_stage.least_holdings import least_holdings
from optimizer.first_stage.lots import downwards, rounded_shares
from optimizer.plan_document import Proof, decide, write_plan
from optimizer.point import Point, among
from optimizer.problem import FirstStageProblem, SimulatedProblem
from optimizer.recourse.blocks import Recourse

AFFORDABLE = (1.0, 0.97, 0.9, 0.8, 0.6)  # of what few scenarios can pay for
NOTHING_PROVED_USD = -1e15  # the most negative number that a document takes


def least_objective_usd(options: SolveOptions) -> float:
    """Return what no objective is below: 0, as no cost of a scenario is negative.

    A cost of holding can be negative: the stock may gain in value. Then nothing is
    known before a relaxation is solved.
    """
    return NOTHING_PROVED_USD if options.cost_of_holding_weight else 0.0


def least_plan(
    problem: FirstStageProblem,
    recourse: Recourse,
    method: str,
    without_usd: float | None = None,
) -> Plan | None:
    """Return the checked plan, with a trivial lower bound; None if limits allow none.

    without_usd is the cost of the world without vault. If it is None, the plan computes
    it: it is its own cost where nothing is held.
    """
    try:
        found = least_holdings(problem)
        return (
            None
            if found is None
            else replayed_plan(*found, recourse, method, without_usd)
        )
    except (FinancingError, PlanRejectedError):
        return None


def plan_of(
    problem: FirstStageProblem,
    recourse: Recourse,
    point: Point,
    method: str,
    without_usd: float,
) -> Plan:
    """Return the checked plan of a point's shares and contracts, whatever its costs.

    Draws are the cheapest in all scenarios. What they cannot pay for is not held:
    shares are reduced, in whole lots, but not those of rights in force. Costs are those
    of the replay, and the lower bound is trivial. Raises FinancingError or
    PlanRejectedError.
    """
    for factor in AFFORDABLE:
        scaled = replace(
            point,
            shares=tuple(
                x if holding.in_force else factor * x
                for holding, x in zip(problem.holdings, point.shares, strict=True)
            ),
        )
        shares = rounded_shares(problem, scaled, downwards)
        fewer = replace(point, shares=tuple(shares))
        used = {
            holding.name: np.flatnonzero(share > SMALLEST_PLANNED_SHARE)
            for holding, share in zip(problem.holdings, shares, strict=True)
        }
        held, few = problem.simulated(used), among(problem, fewer, used)
        try:
            few = replace(few, draws=cheapest_draws(held, few))
        except FinancingError:
            continue
        return replayed_plan(held, few, recourse, method, without_usd)
    msg = f"{AFFORDABLE[-1]:.0%} of the holdings cannot be financed"
    raise FinancingError(msg)


def replayed_plan(
    held: SimulatedProblem,
    point: Point,
    recourse: Recourse,
    method: str,
    without_usd: float | None,
) -> Plan:
    """Return the checked plan of a point, which costs what its replay counts.

    Raises PlanRejectedError if a limit is broken.
    """
    instance, scenarios = held.instance, held.scenarios
    decisions = decide(held, point, point.draws)
    happened = replay(instance, scenarios, decisions, (held.market, recourse))
    costs, probability = happened.scenario_costs(), scenarios.probability
    expected, options = mean(costs, probability), instance.options
    holding = cost_of_point(held, point.shares, point.signed, point.draws)
    objective = objective_of(options, costs, probability, holding)
    if without_usd is None:
        is_nothing = not decisions.tranches and not decisions.signed
        without_usd = expected if is_nothing else cost_without_vault(held)
    proof = Proof(
        expected_cost_usd=expected,
        objective_usd=objective,
        lower_bound_usd=least_objective_usd(options),
        cost_without_vault_usd=without_usd,
        budget_shadow_price=None,
        method=method,
        cost_of_holding_usd=holding,
    )
    plan = write_plan(instance, scenarios, decisions, happened, proof)
    allocation = happened.allocation
    quantities = Quantities(
        allocation.allocated, allocation.emergency, allocation.shortage
    )
    del happened
    accept(instance, scenarios, plan, quantities)
    return plan
