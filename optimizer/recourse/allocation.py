"""Solve the allocation of what is there, at given deliveries, without Pyomo.

The same blocks as FORMULATION.md (20) to (22). Separable by scenario and period, so the
sum of the minima is the minimum. A disruption lasts, and the same gaps are open again:
each period starts where the one before ended.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from optimizer.highs import Solution, Solver, Status
from optimizer.recourse.blocks import Recourse
from optimizer.recourse.slices import Slice, Standing, slices
from optimizer.scenarios.scenario_set import Floats


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
    return allocate_each(recourse, (supply,), shape)[0]


def allocate_each(
    recourse: Recourse, supplies: Sequence[Supply], shape: tuple[int, int]
) -> tuple[Allocation, ...]:
    """Return the cheapest allocation of each supply; shape is (W, T)."""
    shares = [_Shares(recourse, supply, shape[0]) for supply in supplies]
    for part in slices(recourse, shape):
        solver = Solver(
            part.program, presolve=False, threads=1, starts_near_optimum=True
        )
        for share in shares:
            share.solve(part, solver)
    return tuple(share.allocation(recourse, shape) for share in shares)


class _Shares:
    """What a supply comes to, slice by slice."""

    def __init__(
        self, recourse: Recourse, supply: Supply, number_of_scenarios: int
    ) -> None:
        self._missing = np.maximum(recourse.gap - supply.own, 0.0)
        self._pooled = supply.pooled
        self._standing = Standing(recourse, number_of_scenarios)
        self._allocated = np.zeros(recourse.number_of_gaps)
        self._emergency = np.zeros(recourse.number_of_gaps)
        self._shortage = np.zeros(recourse.number_of_shortages)

    def solve(self, part: Slice, solver: Solver) -> None:
        """Solve a slice from where its parts stood."""
        solver.set_row_bounds(None, *part.limits(self._missing, self._pooled))
        solver.set_basis(self._standing.basis(part))
        values = _optimal(solver.run(with_duals=False))
        self._standing.keep(part, values, solver.basic())
        number = len(part.gaps)
        self._allocated[part.gaps] = values[:number]
        self._emergency[part.gaps] = values[number : 2 * number]
        self._shortage[part.shortages] = values[2 * number :]

    def allocation(self, recourse: Recourse, shape: tuple[int, int]) -> Allocation:
        """Return what all slices came to."""
        products, entries = recourse.products, recourse.shortage_entry
        place = products.w[entries] * shape[1] + products.t[entries]
        gap_place = recourse.gap_w * shape[1] + recourse.gap_t
        cost = np.zeros(shape[0] * shape[1])
        np.add.at(cost, place, recourse.shortage_cost * self._shortage)
        np.add.at(cost, gap_place, recourse.emergency_cost * self._emergency)
        return Allocation(
            cost.reshape(shape),
            self._allocated,
            self._emergency,
            self._shortage,
        )


def _optimal(solution: Solution) -> Floats:
    if solution.status is not Status.OPTIMAL or solution.values is None:
        msg = f"allocation ended as {solution.status.value}, expected optimal"
        raise AllocationError(msg)
    return solution.values
