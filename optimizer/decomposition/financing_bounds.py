"""Finite bounds of the financing columns, implied by the rows, for safe bounds.

Draws and balances are at most the facility's limit, a block of planned buying what all
candidates may plan, and cash what is drawn or owed with all fees. Bounds are twice as
wide: one as tight as its row would take over the row's dual.
"""

from collections.abc import Callable

import numpy as np
import pyomo.environ as pyo

from optimizer.formulation import MILLION
from optimizer.problem import FirstStageProblem
from optimizer.scenarios.scenario_set import Floats

Column = Callable[[object], int]
WIDER = 2.0


def bound_financing(
    problem: FirstStageProblem,
    model: pyo.ConcreteModel,
    column: Column,
    bounds: tuple[Floats, Floats],
) -> None:
    """Write the bounds into those of all columns (lower, upper)."""
    lower, upper = bounds
    paid = _facilities(problem, model, column, upper)
    paid += _premia(problem, model, column, upper)
    limits = [f.limit_usd / MILLION for f in problem.instance.financing.facilities]
    for t in model.PERIODS:
        lower[column(model.net_financing[t])] = -WIDER * paid
        upper[column(model.net_financing[t])] = WIDER * sum(limits)


def _facilities(
    problem: FirstStageProblem, model: pyo.ConcreteModel, column: Column, upper: Floats
) -> float:
    """Bound draws and balances; return the most that facilities can cost."""
    years = problem.instance.horizon.years
    paid = 0.0
    for facility in problem.instance.financing.facilities:
        limit = facility.limit_usd / MILLION
        rate = facility.rate_per_year + facility.commitment_fee_per_year
        paid += limit * (1 + facility.exposure_fee + rate * years)
        for t in model.PERIODS:
            drawn = column(model.draw[facility.id, t])
            upper[drawn] = min(upper[drawn], WIDER * limit)
            upper[column(model.balance[facility.id, t])] = WIDER * limit
    return paid


def _premia(
    problem: FirstStageProblem, model: pyo.ConcreteModel, column: Column, upper: Floats
) -> float:
    """Bound the blocks of planned buying; return the most that their premia cost."""
    planned = _most_planned(problem)
    paid = 0.0
    for m, material in enumerate(problem.instance.materials):
        for t in model.PERIODS:
            price = problem.scenarios.base_price[m, t] / MILLION
            for i, block in enumerate(material.price_impact):
                bought = column(model.purchase_block[material.id, t, i])
                upper[bought] = min(upper[bought], WIDER * planned[m, t])
                paid += block.premium * price * upper[bought]
    return paid


def _most_planned(problem: FirstStageProblem) -> Floats:
    """Return the most tonnes that are bought as planned (m, t): shares sum to 1."""
    periods = problem.instance.horizon.number_of_periods
    most = np.zeros((len(problem.instance.materials), periods))
    for holding, menu in zip(problem.holdings, problem.menus, strict=True):
        most[holding.m] += menu.policies.planned(periods).max(axis=0, initial=0.0)
    return most
