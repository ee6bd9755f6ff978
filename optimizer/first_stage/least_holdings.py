"""The least that the limits of a case allow a vault to hold, found without recourse.

It is rights in force, and the cheapest whole lots of what has a minimum cover or may
not fall further from its level in force.
"""

from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from optimizer.deadline import NEVER
from optimizer.financing import net_financing
from optimizer.first_stage.cheapest_financing import cheapest_draws
from optimizer.first_stage.lots import rounded_shares, to_nearest
from optimizer.formulation import MILLION
from optimizer.membership import cash_before_plan
from optimizer.point import Point
from optimizer.policies.candidates import Menu
from optimizer.policies.holding import Holding
from optimizer.problem import Chosen, FirstStageProblem, SimulatedProblem
from optimizer.scenarios.scenario_set import Floats
from optimizer.separation import SeparatedProgram

ENOUGH_GAP = 0.05
LEVELS_ABOVE_COVER = 2


def least_holdings(
    problem: FirstStageProblem,
) -> tuple[SimulatedProblem, Point] | None:
    """Return the least point, and the problem with its candidates alone.

    None if limits allow none that was tried. Its costs are not known: they are nan.
    Raises FinancingError if nothing pays for it.
    """
    instance = problem.instance
    if not any(problem.least_tonnes(m) > 0 for m in instance.materials):
        return _nothing(problem)
    for chosen in (_lowest(problem), _all_of_covered(problem)):
        held = problem.simulated(chosen)
        found = _cheapest(held)
        if found is not None:
            shares = rounded_shares(held, found, to_nearest)
            return held, _financed(held, shares, np.round(found.signed))
    return None


def _nothing(problem: FirstStageProblem) -> tuple[SimulatedProblem, Point]:
    """Return the point that holds and signs nothing but what is in force.

    Without any it draws only what opening cash lacks.
    """
    least = {h.name: _in_force(h) for h in problem.holdings}
    held, instance = problem.simulated(least), problem.instance
    shares = [np.ones(len(menu.candidates)) for menu in held.menus]
    signed = held.signed_before
    if instance.position.rights or signed.any():
        return held, _financed(held, shares, signed)
    periods = instance.horizon.number_of_periods
    draws = np.zeros((len(instance.financing.facilities), periods))
    cash = cash_before_plan(instance) + net_financing(instance, draws)
    if cash.min() < 0:
        return held, _financed(held, shares, signed)
    return held, Point(tuple(shares), signed, draws, np.nan, np.nan)


def _financed(held: SimulatedProblem, shares: list[Floats], signed: Floats) -> Point:
    """Return the point of shares and contracts with its cheapest draws."""
    periods = held.instance.horizon.number_of_periods
    draws = np.zeros((len(held.instance.financing.facilities), periods))
    point = Point(tuple(shares), signed, draws, np.nan, np.nan)
    return replace(point, draws=cheapest_draws(held, point))


def _cheapest(held: SimulatedProblem) -> Point | None:
    """Return the point that costs least to buy, None if limits allow none."""
    program = SeparatedProgram(
        held.without_recourse(),
        is_relaxed=False,
        cash_rows=set(held.calmest_cash_rows()),
    )
    program.solver.set_costs(_costs(program, held))
    solution = program.solve(NEVER, relative_gap=ENOUGH_GAP)
    return None if solution.values is None else program.point(solution.values)


def _costs(program: SeparatedProgram, held: SimulatedProblem) -> Floats:
    """Return what the whole of each candidate costs to buy, million US dollars."""
    costs = np.zeros(len(program.compiled.variables))
    for holding, menu in zip(held.holdings, held.menus, strict=True):
        if holding.in_force is not None:
            continue
        price = np.array([x.opening_unit_cost for x in holding.purchases])
        for c, target in enumerate(menu.policies.target):
            column = program.compiled.column(program.model.share[holding.name, c])
            unit_cost = price[menu.policies.sourcing[c]]
            costs[column] = target * unit_cost / MILLION
    return costs


def _lowest(problem: FirstStageProblem) -> Chosen:
    """Return the first rule at the lowest levels that are enough."""
    return {
        holding.name: _lowest_of(problem, holding, menu)
        for holding, menu in zip(problem.holdings, problem.menus, strict=True)
    }


def _lowest_of(
    problem: FirstStageProblem, holding: Holding, menu: Menu
) -> NDArray[np.int64]:
    wanted = problem.least_tonnes(holding.material)
    if wanted <= 0 or not holding.is_pool:
        return _in_force(holding)
    rule = problem.instance.rules[0].id
    lot = holding.material.lot_tonnes
    least = np.ceil(wanted / lot) * lot
    levels = sorted(set(menu.policies.target[menu.policies.target >= least].tolist()))
    return np.array(
        [
            c
            for c, candidate in enumerate(menu.candidates)
            if candidate.rule == rule
            and candidate.target_tonnes in levels[:LEVELS_ABOVE_COVER]
        ],
        dtype=np.int64,
    )


def _all_of_covered(problem: FirstStageProblem) -> Chosen:
    """Return all candidates of the materials that must be held, but no sales."""
    return {
        holding.name: np.arange(len(menu.candidates))
        if problem.least_tonnes(holding.material) > 0 and holding.sale is None
        else _in_force(holding)
        for holding, menu in zip(problem.holdings, problem.menus, strict=True)
    }


def _in_force(holding: Holding) -> NDArray[np.int64]:
    """Return the one candidate of a right in force, none of any other holding."""
    return np.arange(0 if holding.in_force is None else 1)
