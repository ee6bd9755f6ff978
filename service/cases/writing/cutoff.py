"""What a year without one supplier costs, by a small linear program for each month.

Plain dollars, no vault, prices and demand as at the start. The calibration of the
planner computes the same figures on its own; a test compares the two.
"""

from collections.abc import Callable, Sequence
from typing import Any, cast

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import linprog

from models.horizon import DAYS_PER_YEAR
from models.instance import Instance

MONTHS = 12
MILLION = 1e6

Gaps = dict[tuple[str, str], float]


def yearly_loss(instance: Instance, materials: Sequence[str], country: str) -> float:
    """Return the loss in US dollars if a country delivers nothing for a year."""
    needs = instance.index.need_by_participant_tonnes_per_day
    month = DAYS_PER_YEAR / MONTHS
    buffers = {o.id: o.working_buffer_days for o in instance.participants}
    left = {(o, m): buffers[o] * x for m in materials for o, x in needs[m].items()}
    solved: dict[tuple[float, ...], float] = {}
    total = 0.0
    for t in range(MONTHS):
        missing = {m: _missing_share(instance, m, country, t) for m in materials}
        gaps: Gaps = {}
        for (o, m), buffer in left.items():
            short = missing[m] * needs[m][o] * month
            left[o, m] = buffer - min(buffer, short)
            gaps[o, m] = short - min(buffer, short)
        key = tuple(gaps.values())
        if key not in solved:
            solved[key] = _cheapest(instance, gaps)
        total += solved[key]
    return total


def _missing_share(instance: Instance, material: str, country: str, t: int) -> float:
    """Return what the other routes do not deliver in a month, as far as they run."""
    supply = sum(
        (route.share or 0.0) * route.capacity_factor * operation.in_market[t]
        for route, operation in zip(
            instance.routes, instance.index.operation, strict=True
        )
        if route.material == material
        and country not in {route.mining_country, route.refining_country}
    )
    return max(0.0, 1.0 - supply)


def _cheapest(instance: Instance, gaps: Gaps) -> float:
    """Return the least cost of a month with gaps in tonnes, US dollars.

    Columns are shortages in slices of a product, as shares of their width, then
    emergency purchases in shares of the gap; rows are gaps, then emergency limits.
    """
    owners = [key for key, gap in gaps.items() if gap > 0]
    if not owners:
        return 0.0
    columns, costs = _shortages(instance, owners, gaps)
    prices = {m.id: m for m in instance.materials}
    for i, (o, m) in enumerate(owners):
        column = np.zeros(len(owners))
        column[i] = 1.0
        columns.append(column)
        usd = prices[m].emergency_premium * prices[m].price_usd_per_tonne
        costs.append(usd * gaps[o, m] / MILLION)
    limited = sorted({m for _, m in owners})
    limits = np.zeros((len(limited), len(columns)))
    for i, (o, m) in enumerate(owners):
        allowed = prices[m].emergency_tonnes_per_year / MONTHS
        limits[limited.index(m), len(columns) - len(owners) + i] = gaps[o, m] / max(
            allowed, 1e-9
        )
    rows = np.vstack([-np.column_stack(columns), limits])
    right = np.concatenate([-np.ones(len(owners)), np.ones(len(limited))])
    solve = cast("Callable[..., Any]", linprog)
    found = solve(np.array(costs), A_ub=rows, b_ub=right, bounds=(0, 1))
    return float(found.fun) * MILLION


def _shortages(
    instance: Instance, owners: Sequence[tuple[str, str]], gaps: Gaps
) -> tuple[list[NDArray[np.float64]], list[float]]:
    """Return a column of shares of each gap closed, and a cost, for every slice."""
    tonnes = instance.index.tonnes_per_unit
    columns: list[NDArray[np.float64]] = []
    costs: list[float] = []
    for product in instance.final_products():
        units = (product.demand_units_per_year or 0.0) / MONTHS
        closed = np.array(
            [
                units * tonnes[product.id].get(m, 0.0) / gaps[o, m]
                if o == product.participant
                else 0.0
                for o, m in owners
            ]
        )
        if closed.any():
            for block in product.shortage_blocks:
                columns.append(closed * block.share)
                usd = units * block.share * block.cost_usd_per_unit
                costs.append(usd / MILLION)
    return columns, costs
