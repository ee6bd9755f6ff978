"""The cheapest financing of holdings that are already chosen.

Financing does not enter the objective (1), so a schedule that is merely feasible could
draw what it never needs. A second program keeps shares and contracts, and minimises
fees, interest and premia, draws as late as possible.
"""

import numpy as np

from optimizer.deadline import NEVER
from optimizer.formulation import MILLION
from optimizer.point import Point
from optimizer.problem import SimulatedProblem
from optimizer.scenarios.scenario_set import Floats
from optimizer.separation import SeparatedProgram

LATENESS = 1e-6
TOLERANCE = 6e-9  # the search may have met its own in two rows of this one


class FinancingError(RuntimeError):
    """The chosen holdings cannot be financed, contrary to the solve."""


def cheapest_draws(problem: SimulatedProblem, point: Point) -> Floats:
    """Return draws in US dollars by facility and period (f, t)."""
    chosen = {
        holding.name: np.flatnonzero(share)
        for holding, share in zip(problem.holdings, point.shares, strict=True)
    }
    held = problem.restricted(chosen).without_recourse()
    program = SeparatedProgram(held, is_relaxed=True, tolerance=TOLERANCE)
    shares = [share[np.flatnonzero(share)] for share in point.shares]
    program.bound_shares(shares, shares)
    program.bound_signed(point.signed, point.signed)
    program.solver.set_costs(_costs(program))
    solution = program.solve(NEVER)
    if solution.values is None:
        msg = f"financing ended as {solution.status.value}, expected a schedule"
        raise FinancingError(msg)
    return program.point(solution.values).draws


def _costs(program: SeparatedProgram) -> Floats:
    """Return what a unit of each column costs over the horizon."""
    model, compiled = program.model, program.compiled
    costs = np.zeros(len(compiled.variables))
    periods = len(model.PERIODS)
    horizon = program.problem.instance.horizon

    def charge(variable: object, cost: float) -> None:
        costs[compiled.column(variable)] += cost

    for f in model.FACILITIES:
        facility = model.facility[f]
        for t in model.PERIODS:
            left = periods - t
            last = facility.last_draw_period
            committed = periods if last is None else min(periods, last + 1)
            years = horizon.years_between(t, max(committed, t))
            saved = facility.commitment_fee_per_year * years
            fee = facility.exposure_fee + LATENESS * left - saved
            charge(model.draw[f, t], fee)
            years = horizon.years_between(t, t + 1)
            charge(model.balance[f, t], facility.rate_per_year * years)
    materials = list(model.MATERIALS)
    for m, t, i in model.IMPACT_BLOCKS:
        price = program.problem.scenarios.base_price[materials.index(m), t] / MILLION
        premium = model.material[m].price_impact[i].premium
        charge(model.purchase_block[m, t, i], premium * price)
    return costs
