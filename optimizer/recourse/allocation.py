"""The cheapest allocation of a given supply, solved without Pyomo.

The blocks are those of FORMULATION.md (25) to (27). They are separable by scenario and
period, so the sum of the minima is the minimum. Disruptions last for several periods,
so each period starts from the basis of the one before.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from optimizer.highs import Solution, Solver, Status
from optimizer.recourse.blocks import Recourse
from optimizer.recourse.presolve import Uses, presolve, uses_of
from optimizer.recourse.slices import WarmBasis, slices
from optimizer.recourse.units import RecourseUnits, recourse_units
from optimizer.scenarios.scenario_set import Floats


class AllocationError(RuntimeError):
    """The allocation problem was not solved; it is feasible by construction."""


@dataclass(frozen=True, slots=True)
class Supply:
    """What reaches participants in each block, in tonnes.

    own, by gap, is drawn by or delivered to that participant alone; pooled, by short
    material (m, w, t), is shared by all.
    """

    own: Floats
    pooled: Floats


def no_supply(recourse: Recourse) -> Supply:
    """Return the supply of a world in which nothing is held."""
    return Supply(np.zeros(recourse.number_of_gaps), np.zeros(len(recourse.short_m)))


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
    if recourse.number_of_gaps == 0:
        none = np.zeros(0)
        return (Allocation(np.zeros(shape), none, none, none),) * len(supplies)
    uses, units = uses_of(recourse), recourse_units(recourse)
    return tuple(_allocate(recourse, uses, units, supply, shape) for supply in supplies)


def _allocate(
    recourse: Recourse,
    uses: Uses,
    units: RecourseUnits,
    supply: Supply,
    shape: tuple[int, int],
) -> Allocation:
    missing = np.maximum(recourse.gap - supply.own, 0.0)
    reduced = presolve(recourse, uses, missing, supply.pooled)
    number = recourse.number_of_gaps
    amount = np.concatenate([reduced.allocated, np.zeros(number), reduced.shortage])
    warm_basis, of_columns = WarmBasis(recourse, shape[0]), units.columns
    for part in slices(recourse, reduced, supply.pooled, shape, units):
        solver = Solver(part.program, presolve=False, starts_near_optimum=True)
        solver.set_basis(warm_basis.basis(part))
        values = _optimal(solver.run(with_duals=False))
        warm_basis.keep(part, values, solver.basic())
        amount[part.columns] += values * of_columns[part.columns]
    allocated, emergency, shortage = np.split(amount, [number, 2 * number])
    cost = _cost(recourse, emergency, shortage, shape)
    return Allocation(cost, allocated, emergency, shortage)


def _cost(
    recourse: Recourse, emergency: Floats, shortage: Floats, shape: tuple[int, int]
) -> Floats:
    products, entries = recourse.products, recourse.shortage_entry
    place = (products.w * shape[1] + products.t)[entries]
    gap_place = recourse.gap_w * shape[1] + recourse.gap_t
    cost = np.zeros(shape[0] * shape[1])
    cost += np.bincount(
        place, weights=recourse.shortage_cost * shortage, minlength=len(cost)
    )
    cost += np.bincount(
        gap_place, weights=recourse.emergency_cost * emergency, minlength=len(cost)
    )
    return cost.reshape(shape)


def _optimal(solution: Solution) -> Floats:
    if solution.status is not Status.OPTIMAL or solution.values is None:
        msg = f"allocation ended as {solution.status.value}, expected optimal"
        raise AllocationError(msg)
    return solution.values
