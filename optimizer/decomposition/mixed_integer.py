"""Tranche limit, whole lots and awards as integers over the cuts, with fresh cuts.

Each point of a model is evaluated exactly, which adds cuts, until both agree.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_array

from optimizer.decomposition.cut_program import CutProgram
from optimizer.decomposition.first_stage_lp import FirstStageLp, first_stage_lp
from optimizer.decomposition.master_data import Rows, joined
from optimizer.decomposition.relaxation import Relaxation
from optimizer.decomposition.scenario_blocks import ScenarioBlocks
from optimizer.first_stage.incumbent import Incumbent
from optimizer.first_stage.mixed_integer import Neighbourhood
from optimizer.first_stage.searching import Search
from optimizer.first_stage.tranches import simplified, whole_lots
from optimizer.formulation import MILLION
from optimizer.gap import gap_of
from optimizer.highs import LinearProgram, Solver, Status, Units
from optimizer.point import Point
from optimizer.problem import Chosen
from optimizer.progress import ProgressLog

MOST_ROUNDS = 100


@dataclass(frozen=True, slots=True)
class MixedIntegerModels:
    """Mixed-integer models over the cuts of a relaxation."""

    relaxation: Relaxation
    program: CutProgram
    blocks: ScenarioBlocks
    run: Search
    best: Incumbent
    log: ProgressLog

    def solve(self, near: Neighbourhood) -> Status:
        """Alternate between the model of some candidates and the recourse."""
        best, gap = self.best, self.run.problem.instance.options.gap
        model = _Restricted(self, near.chosen)
        status = Status.LIMIT
        for _ in range(MOST_ROUNDS):
            # Cuts of earlier rounds are slack in most solves, but the model needs them.
            self.program.protect()
            cuts = self.relaxation.master.number_of_cuts
            lower, upper = best.lower_bound_usd, best.upper_bound_usd
            self.log.bounds(near.stage, lower, upper, cuts)
            solver = Solver(*model.program())
            solver.stop_when(lambda: near.deadline.is_over)
            seconds = near.deadline.seconds_left()
            solution = solver.run(time_limit_s=seconds, relative_gap=gap / 2)
            status = solution.status
            if near.is_whole_menu and np.isfinite(solution.lower_bound):
                bound_usd = solution.lower_bound * MILLION
                best.prove_whole(bound_usd, is_presolved=solver.is_presolved)
            if solution.values is None:
                break
            self._offer(model.point(solution.values))
            lower = solution.lower_bound * MILLION
            is_settled = gap_of(best.upper_bound_usd, lower) <= gap
            if is_settled or best.gap <= gap or near.deadline.is_over:
                break
        return status

    def _offer(self, point: Point) -> None:
        """Evaluate a point, which adds its cuts, and take it if it is better."""
        self.program.bound_signed(point.signed, point.signed)
        found = whole_lots(self.run, point)
        if self.best.offer(found) and found is not None:
            self.best.offer(simplified(self.run, found))


class _Restricted:
    """The first stage over some candidates, with integers."""

    def __init__(self, models: MixedIntegerModels, chosen: Chosen) -> None:
        self._models = models
        self._lp = first_stage_lp(
            models.relaxation.lp.problem.restricted(chosen),
            models.blocks.cluster_costs,
            models.blocks.scenario_costs,
            models.blocks.expected_money().restricted(
                models.relaxation.lp.problem, chosen
            ),
            is_relaxed=False,
        )
        self._place = _places(models.relaxation.lp, self._lp, chosen)

    def program(self) -> tuple[LinearProgram, Units | None]:
        """Return the model with all rows and cuts found so far, and its units."""
        data, place = self._lp.data, self._place
        master = self._models.relaxation.master
        number_of_own_rows = self._models.relaxation.lp.data.rows.number
        found = master.rows.select(np.arange(number_of_own_rows, master.rows.number))
        added = joined(found, master.cuts)
        there = np.flatnonzero(place >= 0)
        narrow = added.matrix[:, there].tocoo()
        moved = csr_array(
            (narrow.data, (narrow.row, place[there[narrow.col]])),
            shape=(added.number, data.number_of_columns),
        )
        rows = joined(data.rows, Rows(moved, added.lower, added.upper))
        program = LinearProgram(
            cost=data.cost,
            rows=rows.matrix,
            row_lower=rows.lower,
            row_upper=rows.upper,
            column_lower=data.column_lower,
            column_upper=data.column_upper,
            is_integer=self._lp.columns.is_integer,
        )
        units = data.units
        if units is None:
            return program, None
        above = np.full(found.number, units.found_row)
        below = np.full(master.cuts.number, units.cost)
        row_units = np.concatenate([units.rows, above, below])
        return program, Units(units.columns, row_units, units.cost)

    def point(self, values: NDArray[np.float64]) -> Point:
        """Return a solution as a point of the whole menu."""
        whole = self._models.relaxation.lp
        wide = np.zeros(whole.data.number_of_columns)
        there = np.flatnonzero(self._place >= 0)
        wide[there] = values[self._place[there]]
        wide[whole.columns.signed] = np.round(wide[whole.columns.signed])
        return self._models.program.point(wide)


def _places(
    whole: FirstStageLp, few: FirstStageLp, chosen: Chosen
) -> NDArray[np.int64]:
    """Return the position among the few of each column of the whole, -1 if none."""
    place = np.full(whole.data.number_of_columns, -1, dtype=np.int64)
    old, new = whole.columns, few.columns
    sizes = [len(menu.candidates) for menu in whole.problem.menus]
    shares = np.split(old.share, np.cumsum(sizes)[:-1])
    names = [holding.name for holding in whole.problem.holdings]
    kept = [x[chosen[name]] for name, x in zip(names, shares, strict=True)]
    place[np.concatenate(kept)] = new.share
    for name in (
        "signed",
        "draw",
        "balance",
        "net_financing",
        "purchase",
        "excess",
        "cluster",
        "scenario",
    ):
        place[getattr(old, name)] = getattr(new, name)
    place[old.value_at_risk] = new.value_at_risk
    return place
