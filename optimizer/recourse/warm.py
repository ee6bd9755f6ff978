"""The recourse of each scenario as a program, solved again for each supply.

One solver for each program is fastest, but takes ten times the memory of the program.
Past a size that most cases stay below, programs share one solver and keep their bases.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

import numpy as np

from optimizer.highs import LinearProgram, Solution, Solver, SolverBasis, Status
from optimizer.recourse.allocation import AllocationError
from optimizer.recourse.blocks import Recourse
from optimizer.recourse.programs import MILLION, ScenarioAllocation, programs
from optimizer.recourse.units import recourse_units
from optimizer.scenarios.scenario_set import Floats, Positions

MOST_IN_SOLVERS = 1_400_000  # rows and columns, of all blocks of a case together


class WarmRecourse:
    """Programs of which only the supply changes from run to run.

    Solvers take up to most_in_solvers rows and columns, and one more program.
    """

    def __init__(
        self,
        recourse: Recourse,
        number_of_scenarios: int,
        most_in_solvers: int = MOST_IN_SOLVERS,
    ) -> None:
        self._recourse = recourse
        self._number_of_scenarios = number_of_scenarios
        self._units = recourse_units(recourse)
        found = programs(recourse, number_of_scenarios, self._units)
        self._programs = list(_warm(found, most_in_solvers))

    def solve(self, own: Floats, pooled: Floats) -> tuple[Floats, Floats]:
        """Return cost by scenario (w) and the price of a tonne by gap.

        own is supplied by gap, pooled by short material, tonnes; cost is in millions of
        US dollars, prices in US dollars a tonne and never negative.
        """
        recourse, units = self._recourse, self._units
        cost = np.zeros(self._number_of_scenarios)
        prices = np.zeros(recourse.number_of_gaps)
        missing = (recourse.gap - own) / units.gap
        pooled = pooled / units.short
        for w, gaps, shorts, program in self._programs:
            number = len(gaps)
            program.lower[:number] = missing[gaps]
            program.upper[number : number + len(shorts)] = pooled[shorts]
            solution = program.run()
            if solution.status is not Status.OPTIMAL or solution.row_duals is None:
                msg = f"allocation ended as {solution.status.value}, expected optimal"
                raise AllocationError(msg)
            cost[w] = solution.objective
            prices[gaps] = solution.row_duals[:number]
        prices = np.maximum(prices, 0.0) * units.cost_usd / units.gap
        return cost * units.cost_usd / MILLION, prices


@dataclass(slots=True)
class _InSolver:
    """A program with its own solver, and the bounds of its rows."""

    lower: Floats
    upper: Floats
    solver: Solver

    def run(self) -> Solution:
        self.solver.set_row_bounds(None, self.lower, self.upper)
        return self.solver.run(with_columns=False)


@dataclass(slots=True)
class _Shared:
    """A program that shares a solver and starts from its last basis."""

    program: LinearProgram
    solver: Solver
    start: SolverBasis | None = None

    @property
    def lower(self) -> Floats:
        return self.program.row_lower

    @property
    def upper(self) -> Floats:
        return self.program.row_upper

    def run(self) -> Solution:
        self.solver.turn_to(self.program, self.start)
        solution = self.solver.run(with_columns=False)
        self.start = self.solver.start()
        return solution


def _warm(
    found: Iterable[ScenarioAllocation], most_in_solvers: int
) -> Iterator[tuple[int, Positions, Positions, _InSolver | _Shared]]:
    """Yield scenario, gaps, short materials and the program in a solver.

    Each has its own solver until these are full, the others share one.
    """
    size, shared = 0, None
    for part in found:
        program = part.program
        if size <= most_in_solvers:
            solver = Solver(program, presolve=False)
            warm = _InSolver(program.row_lower, program.row_upper, solver)
            yield part.w, part.gaps, part.shorts, warm
            size += sum(program.rows.shape)
            continue
        if shared is None:
            shared = Solver(program, presolve=False, starts_near_optimum=True)
        yield part.w, part.gaps, part.shorts, _Shared(program, shared)
