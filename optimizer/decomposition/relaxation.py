"""The relaxation of a case: first stage, master, oracle, and how far it is solved."""

from collections.abc import Callable
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from optimizer.deadline import Deadline
from optimizer.decomposition.cut_program import CutProgram
from optimizer.decomposition.first_stage_lp import FirstStageLp, first_stage_lp
from optimizer.decomposition.lshaped import RelaxationState, relax
from optimizer.decomposition.master import Master
from optimizer.decomposition.master_data import MasterData
from optimizer.decomposition.recourse_oracle import RecourseOracle
from optimizer.decomposition.scenario_blocks import ScenarioBlocks
from optimizer.formulation import MILLION
from optimizer.problem import FirstStageProblem
from optimizer.scenarios.scenario_set import Floats

Positions = NDArray[np.int64]
TOLERANCE = 1e-6


@dataclass(frozen=True, slots=True)
class StartingPoint:
    """A first center (as FirstStageColumns.decided), and candidates to start with."""

    decided: Floats
    worth_trying: Positions


@dataclass(frozen=True, slots=True)
class Relaxation:
    """The relaxation of one problem, in millions of US dollars."""

    lp: FirstStageLp
    master: Master
    oracle: RecourseOracle
    state: RelaxationState

    def relax(
        self,
        gap: float,
        deadline: Deadline,
        on_round: Callable[[], None] | None = None,
        is_enough: Callable[[], bool] = lambda: False,
    ) -> None:
        """Continue down to a gap, or until is_enough; on_round is called each round."""

        def is_done(state: RelaxationState) -> bool:
            if on_round is not None and state.number_of_rounds:
                on_round()
            is_solved = state.point is not None and is_enough()
            return is_solved or state.gap(MILLION) <= gap

        relax(self.master, self.oracle, self.state, is_done, deadline)

    def tied(self) -> "Relaxation":
        """Return the relaxation with the master's present costs, from its center on."""
        state = RelaxationState(center=self.state.center)
        if state.center is not None and np.isfinite(self.state.upper_bound):
            state.upper_bound = float(self.master.data.cost @ state.center)
        return replace(self, state=state)

    def program(self, tolerance: float, deadline: Deadline) -> CutProgram:
        """Return the master as a program for the search."""
        return CutProgram(
            self.lp,
            self.master,
            self.oracle,
            tolerance=tolerance,
            deadline=deadline,
        )

    def begin_at(self, start: StartingPoint) -> None:
        """Add the candidates, and take the point as center if it satisfies all rows."""
        columns = self.lp.columns
        self.master.activate(columns.share[start.worth_trying])
        center = np.zeros(self.lp.data.number_of_columns)
        center[columns.decided] = start.decided
        if not is_within(self.lp.data, center, columns.decided):
            return
        result = self.oracle.evaluate(center)
        self.master.add(result.cuts, result.rows)
        self.state.center = result.values
        if result.is_feasible:
            self.state.upper_bound = float(self.lp.data.cost @ result.values)

    def end(self) -> StartingPoint | None:
        """Return where another relaxation may start, None without a center."""
        if self.state.center is None:
            return None
        columns = self.lp.columns
        worth_trying = np.flatnonzero(np.isin(columns.share, self.master.active))
        return StartingPoint(self.state.center[columns.decided], worth_trying)


def bare_relaxation(problem: FirstStageProblem, blocks: ScenarioBlocks) -> Relaxation:
    """Return the relaxation of a problem without any cut or cash row."""
    lp = first_stage_lp(
        problem, blocks.cluster_costs, blocks.scenario_costs, blocks.expected_money()
    )
    return Relaxation(
        lp, Master(lp.data), RecourseOracle(lp, blocks), RelaxationState()
    )


def set_up(
    problem: FirstStageProblem, blocks: ScenarioBlocks, start: StartingPoint | None
) -> Relaxation:
    """Return the relaxation of a problem with its first cuts and rows."""
    relaxation = bare_relaxation(problem, blocks)
    relaxation.master.add(*relaxation.oracle.first())
    if start is not None:
        relaxation.begin_at(start)
    return relaxation


def is_within(data: MasterData, values: Floats, decided: Positions) -> bool:
    """Return whether decisions satisfy bounds and rows, up to a tolerance.

    Rows with a column that is not decided yet are left out.
    """
    slack = TOLERANCE * (1 + np.abs(values))
    inside = (values >= data.column_lower - slack) & (
        values <= data.column_upper + slack
    )
    is_open = np.ones(data.number_of_columns, dtype=np.bool_)
    is_open[decided] = False
    left = data.rows.matrix @ values
    scale = TOLERANCE * (1 + np.abs(data.rows.matrix) @ np.abs(values))
    keeps = (left >= data.rows.lower - scale) & (left <= data.rows.upper + scale)
    open_rows = np.abs(data.rows.matrix) @ is_open.astype(np.float64) > 0
    return bool(inside[decided].all() and (keeps | open_rows).all())
