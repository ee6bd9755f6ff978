"""What 1 stands for in the programs of a case, derived from the case.

A limit of 1.50 dollars and one of ten billion, a gram of gallium and a megatonne of
copper: each row is counted in what it limits, so that the solver's absolute tolerances
are relative ones.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, cast

import numpy as np
import pyomo.environ as pyo
from scipy.sparse import csr_array, diags_array

from optimizer.compiled import Compiled
from optimizer.formulation import MILLION
from optimizer.highs import Units, power_of_two
from optimizer.problem import CompleteProblem, FirstStageProblem, discount_factors
from optimizer.recourse.blocks import Recourse
from optimizer.recourse.units import recourse_units
from optimizer.scenarios.scenario_set import Floats

Unit = Callable[[tuple[Any, ...]], float]
SPREAD = 2.0**30  # between a limit and the largest amount that it limits
WHOLE_COST = 1024.0
ROWS_OF_LIMITS = {
    "minimum_cover",
    "storage_capacity",
    "outload_limit",
    "market_capacity",
    "route_capacity",
    "opening_purchase",
    "held_stock",
    "draw_limit",
    "level_rise",
    "level_fall",
}
ROWS_OF_MONEY = {"financing_flow", "cash_nonnegative", "collateral"}


@dataclass(frozen=True, slots=True)
class CaseUnits:
    """Money and costs in millions of US dollars, tonnes by material."""

    money: float
    facilities: tuple[float, ...]
    tonnes: tuple[float, ...]
    cost: float


def case_units(problem: FirstStageProblem, cost: float) -> CaseUnits:
    """Return the units of a problem; cost is what all shortages may cost.

    Money is counted in the budget, or in what the whole menu costs if that is less.
    """
    financing = problem.instance.financing
    most = np.zeros(len(problem.instance.materials))
    for holding, menu in zip(problem.holdings, problem.menus, strict=True):
        if holding.sale is not None:
            continue
        target = float(menu.policies.target.max(initial=0.0))
        most[holding.m] = max(most[holding.m], target, holding.material.lot_tonnes)
    whole = float(most @ problem.scenarios.base_price.max(axis=1)) / MILLION

    def money(limit_usd: float) -> float:
        limit = limit_usd / MILLION
        return _power(min(limit, whole) if limit > 0 else whole)

    return CaseUnits(
        money=money(financing.budget_usd()),
        facilities=tuple(money(f.limit_usd) for f in financing.facilities),
        tonnes=tuple(power_of_two(most).tolist()),
        cost=_power(cost / WHOLE_COST),
    )


def program_units(
    model: pyo.ConcreteModel, compiled: Compiled, units: CaseUnits
) -> Units:
    """Return the units of a compiled model."""
    of_column = _columns(model, units)
    columns = np.array([_unit(of_column, variable) for variable in compiled.variables])
    rows = _rows(model, compiled, columns, units)
    return Units(columns, rows, units.cost)


def cost_of_stopping(problem: CompleteProblem) -> float:
    """Return the expected cost if all that may be short stops, million US dollars."""
    recourse = problem.recourse
    products, entry = recourse.products, recourse.shortage_entry
    weight = problem.scenarios.probability[products.w]
    weight = weight * discount_factors(problem.instance)[products.t]
    cost = recourse.shortage_cost * recourse.shortage_limit
    return float(weight[entry] @ cost) / MILLION


def _unit(of_column: dict[str, Unit], variable: Any) -> float:  # noqa: ANN401 - Pyomo
    unit = of_column.get(variable.parent_component().local_name)
    if unit is None:
        return 1.0
    index: object = variable.index()
    if not isinstance(index, tuple):
        return unit((index,))
    return unit(cast("tuple[Any, ...]", index))


def _columns(model: pyo.ConcreteModel, units: CaseUnits) -> dict[str, Unit]:
    """Return the unit of a column by name and index; shares and integers have none."""
    facility = dict(zip(model.FACILITIES, units.facilities, strict=True))
    tonnes = dict(zip(model.MATERIALS, units.tonnes, strict=True))
    first: dict[str, Unit] = {
        "draw": lambda key: facility[key[0]],
        "balance": lambda key: facility[key[0]],
        "net_financing": lambda _: units.money,
        "purchase_block": lambda key: tonnes[key[0]],
        "value_at_risk": lambda _: units.cost,
        "excess": lambda _: units.cost,
    }
    problem = model.problem
    if isinstance(problem, CompleteProblem):
        first |= _recourse_columns(model, problem.recourse)
    return first


def _recourse_columns(model: pyo.ConcreteModel, recourse: Recourse) -> dict[str, Unit]:
    units = recourse_units(recourse)
    gap = dict(zip(model.GAPS, units.gap.tolist(), strict=True))
    short = dict(zip(model.SHORT_MATERIALS, units.short.tolist(), strict=True))
    shortage = dict(zip(model.SHORTAGE_BLOCKS, units.shortage.tolist(), strict=True))

    def released(key: tuple[Any, ...]) -> float:
        h, t, w = key
        holding = model.holding[h]
        if holding.offer is None:
            return short[holding.material.id, t, w]
        return gap[holding.offer.participant, holding.material.id, t, w]

    return {
        "released": released,
        "allocation": gap.__getitem__,
        "emergency": gap.__getitem__,
        "shortage": shortage.__getitem__,
    }


def _rows(
    model: pyo.ConcreteModel, compiled: Compiled, columns: Floats, units: CaseUnits
) -> Floats:
    """Return the unit of each row: the limit, or the most that any column adds."""
    program = compiled.program
    amounts = csr_array(program.rows @ diags_array(columns))
    most = _largest(abs(amounts))
    sides = np.stack([program.row_lower, program.row_upper])
    limit = np.where(np.isfinite(sides), np.abs(sides), 0.0).max(axis=0)
    limited = np.minimum(most, np.maximum(limit, most / SPREAD))
    lower_side = np.minimum(_largest(amounts), _largest(-amounts))
    rows = power_of_two(most)
    names = [row.parent_component().local_name for row in compiled.rows]
    for i, name in enumerate(names):
        if name in ROWS_OF_LIMITS:
            rows[i] = _power(limited[i])
        elif name in ROWS_OF_MONEY:
            rows[i] = units.money
        elif name == "debt_to_equity" and lower_side[i] > 0:
            rows[i] = _power(lower_side[i])
        elif name == "whole_lots":
            rows[i] = _power(model.lot[compiled.rows[i].index()[0]])
        elif name == "tail_excess":
            rows[i] = units.cost
    return rows


def _largest(amounts: csr_array) -> Floats:
    """Return the largest amount in each row, 0 if none is positive."""
    return amounts.max(axis=1).toarray().ravel()


def _power(value: float) -> float:
    return float(power_of_two(np.array([value]))[0])
