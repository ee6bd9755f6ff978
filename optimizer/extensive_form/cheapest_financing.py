"""The cheapest financing of holdings that are already chosen.

Financing does not enter the objective (1), so a schedule that is merely feasible could
draw what it never needs. A second program keeps shares and contracts, and minimises
fees, interest and premia, draws as late as possible.
"""

from dataclasses import replace

import numpy as np

from optimizer.problem import Problem
from optimizer.recourse.blocks import nothing_short
from optimizer.scenarios.scenario_set import Floats
from optimizer.separation import Point, SeparatedProgram

LATENESS = 1e-6


class FinancingError(RuntimeError):
    """The chosen holdings cannot be paid for; the solve said they could."""


def cheapest_draws(problem: Problem, point: Point) -> Floats:
    """Return draws in US dollars by facility and period (f, t)."""
    chosen = {
        holding.name: np.flatnonzero(share)
        for holding, share in zip(problem.holdings, point.shares, strict=True)
    }
    held = replace(problem.restricted(chosen), recourse=nothing_short(problem.recourse))
    program = SeparatedProgram(held, is_relaxed=True)
    shares = [share[np.flatnonzero(share)] for share in point.shares]
    program.bound_shares(shares, shares)
    program.fix_signed(point.signed)
    program.solver.set_costs(_costs(program))
    solution = program.solve(seconds_left=lambda: np.inf)
    if solution.values is None:
        msg = f"financing ended as {solution.status.value}, expected a schedule"
        raise FinancingError(msg)
    return program.point(solution.values).draws


def _costs(program: SeparatedProgram) -> Floats:
    """Return what a unit of each column costs over the horizon."""
    model, compiled = program.model, program.compiled
    costs = np.zeros(len(compiled.variables))
    periods = len(model.PERIODS)
    years = program.problem.instance.horizon.years_per_period

    def charge(variable: object, cost: float) -> None:
        column = compiled.column(variable)
        if column is not None:
            costs[column] += cost

    for f in model.FACILITIES:
        facility = model.facility[f]
        for t in model.PERIODS:
            left = periods - t
            saved = facility.commitment_fee_per_year * years * left
            fee = facility.exposure_fee + LATENESS * left - saved
            charge(model.draw[f, t], fee)
            charge(model.balance[f, t], facility.rate_per_year * years)
    for m, t, i in model.IMPACT_BLOCKS:
        charge(model.purchase_block[m, t, i], model.material[m].price_impact[i].premium)
    return costs
