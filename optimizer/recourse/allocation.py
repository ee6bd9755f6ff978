"""Solve the allocation of what is there, at given deliveries, without Pyomo.

The same blocks as FORMULATION.md (20) to (22), as one linear program for a set of
scenarios. Separable by scenario and period, so the sum of the minima is the minimum.
"""

from dataclasses import dataclass

import numpy as np
from scipy.sparse import coo_array, csr_array

from optimizer.highs import INFINITY, LinearProgram, Solver, Status
from optimizer.recourse.blocks import Recourse
from optimizer.scenarios.scenario_set import Floats

MILLION = 1e6  # the solver sees millions: a tonne of rhodium can be worth 1e9 dollars


class AllocationError(RuntimeError):
    """The allocation problem could not be solved; it is feasible by construction."""


@dataclass(frozen=True, slots=True)
class Supply:
    """What reaches participants in each block, in tonnes.

    own by gap: draws and deliveries for that participant alone; pooled by short
    material (m, w, t): what all may share.
    """

    own: Floats
    pooled: Floats


@dataclass(frozen=True, slots=True)
class Allocation:
    """The optimal allocation.

    cost by short product's and gap's scenario and period is summed to (w, t), US
    dollars, weighted by priority and not discounted. allocated and emergency are by
    gap, shortage by shortage column, all in tonnes or units.
    """

    cost: Floats
    allocated: Floats
    emergency: Floats
    shortage: Floats


def allocate(recourse: Recourse, supply: Supply, shape: tuple[int, int]) -> Allocation:
    """Return the cheapest allocation in every block; shape is (W, T)."""
    if recourse.number_of_gaps == 0:
        none = np.zeros(0)
        return Allocation(np.zeros(shape), none, none, none)
    solution = Solver(_program(recourse, supply)).run()
    if solution.status is not Status.OPTIMAL or solution.values is None:
        msg = f"allocation ended as {solution.status.value}, expected optimal"
        raise AllocationError(msg)
    number_of_gaps = recourse.number_of_gaps
    allocated, emergency, shortage = np.split(
        solution.values, [number_of_gaps, 2 * number_of_gaps]
    )
    cost = np.zeros(shape)
    entries = recourse.shortage_entry
    np.add.at(
        cost,
        (recourse.products.w[entries], recourse.products.t[entries]),
        recourse.shortage_cost * shortage,
    )
    np.add.at(
        cost, (recourse.gap_w, recourse.gap_t), recourse.emergency_cost * emergency
    )
    return Allocation(cost, allocated, emergency, shortage)


def _program(recourse: Recourse, supply: Supply) -> LinearProgram:
    """Return the program; columns are allocation, emergency, shortage."""
    number_of_gaps = recourse.number_of_gaps
    number_of_short = len(recourse.short_m)
    columns = 2 * number_of_gaps + recourse.number_of_shortages
    missing = np.maximum(recourse.gap - supply.own, 0.0)
    rows = _rows(recourse, columns)
    infinite = np.full(number_of_gaps, INFINITY)
    return LinearProgram(
        cost=np.concatenate(
            [np.zeros(number_of_gaps), recourse.emergency_cost, recourse.shortage_cost]
        )
        / MILLION,
        rows=rows,
        row_lower=np.concatenate([missing, np.full(2 * number_of_short, -INFINITY)]),
        row_upper=np.concatenate([infinite, supply.pooled, recourse.emergency_limit]),
        column_lower=np.zeros(columns),
        column_upper=np.concatenate([infinite, infinite, recourse.shortage_limit]),
    )


def _rows(recourse: Recourse, columns: int) -> csr_array:
    """Return gap cover by gap, then pool and emergency limits by short material."""
    gaps = np.arange(recourse.number_of_gaps)
    number_of_short = len(recourse.short_m)
    pool = recourse.number_of_gaps + recourse.gap_short
    row = [gaps, gaps, recourse.coefficient_gap, pool, pool + number_of_short]
    column = [
        gaps,
        gaps + recourse.number_of_gaps,
        recourse.coefficient_shortage + 2 * recourse.number_of_gaps,
        gaps,
        gaps + recourse.number_of_gaps,
    ]
    ones = np.ones(recourse.number_of_gaps)
    value = [ones, ones, recourse.coefficient, ones, ones]
    shape = (recourse.number_of_gaps + 2 * number_of_short, columns)
    entries = (np.concatenate(row), np.concatenate(column))
    return csr_array(coo_array((np.concatenate(value), entries), shape=shape))
