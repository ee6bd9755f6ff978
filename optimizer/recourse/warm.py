"""The recourse of each scenario in a solver of its own, warm from supply to supply."""

import numpy as np

from optimizer.highs import Solver, Status
from optimizer.recourse.allocation import AllocationError
from optimizer.recourse.blocks import Recourse
from optimizer.recourse.programs import MILLION, lay_out, programs
from optimizer.scenarios.scenario_set import Floats


class WarmRecourse:
    """Programs that differ from run to run in nothing but the supply."""

    def __init__(self, recourse: Recourse, number_of_scenarios: int) -> None:
        self._recourse = recourse
        self._number_of_scenarios = number_of_scenarios
        self._layout = lay_out(recourse, number_of_scenarios)
        self._programs = [
            (
                w,
                Solver(program, presolve=False, threads=1),
                program.row_lower,
                program.row_upper,
            )
            for w, program in zip(
                self._layout.live.tolist(),
                programs(recourse, self._layout),
                strict=True,
            )
        ]

    def solve(self, own: Floats, pooled: Floats) -> tuple[Floats, Floats]:
        """Return cost by scenario (w) and the price of a tonne by gap.

        own is supplied by gap, pooled by short material, tonnes; cost is in millions of
        US dollars, prices in US dollars a tonne and never negative.
        """
        recourse, layout = self._recourse, self._layout
        cost = np.zeros(self._number_of_scenarios)
        prices = np.zeros(recourse.number_of_gaps)
        missing = recourse.gap - own
        for w, solver, lower, upper in self._programs:
            gaps, shorts = layout.gaps.of(w), layout.shorts.of(w)
            number = len(gaps)
            lower[:number] = missing[gaps]
            upper[number : number + len(shorts)] = pooled[shorts]
            solver.set_row_bounds(None, lower, upper)
            solution = solver.run()
            if solution.status is not Status.OPTIMAL or solution.row_duals is None:
                msg = f"allocation ended as {solution.status.value}, expected optimal"
                raise AllocationError(msg)
            cost[w] = solution.objective
            prices[gaps] = solution.row_duals[:number]
        return cost, np.maximum(prices, 0.0) * MILLION
