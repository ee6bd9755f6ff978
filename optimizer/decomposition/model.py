"""A relaxation that is being solved: stage, master, oracle and how far they are."""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from optimizer.decomposition.cut_program import CutProgram
from optimizer.decomposition.lshaped import Relaxation, relax
from optimizer.decomposition.master import Master
from optimizer.decomposition.menu_oracle import MenuOracle
from optimizer.decomposition.menu_stage import MenuStage, menu_stage
from optimizer.decomposition.parts import Parts
from optimizer.decomposition.stage import Stage
from optimizer.first_stage.found import SecondsLeft
from optimizer.formulation import MILLION
from optimizer.problem import Problem
from optimizer.scenarios.scenario_set import Floats

Positions = NDArray[np.int64]
TOLERANCE = 1e-6


@dataclass(frozen=True, slots=True)
class Start:
    """Where to begin: decisions as in MenuColumns.decided, candidates worth trying."""

    decided: Floats
    worth_trying: Positions


@dataclass(frozen=True, slots=True)
class Model:
    """One problem on one set of scenarios, in millions of US dollars."""

    menu: MenuStage
    master: Master
    oracle: MenuOracle
    state: Relaxation

    def relax(
        self,
        gap: float,
        seconds_left: SecondsLeft,
        on_round: Callable[["Model"], None] | None = None,
        is_enough: Callable[[], bool] = lambda: False,
    ) -> None:
        """Solve the relaxation on, down to a gap, or until a bound is good enough."""

        def is_done(state: Relaxation) -> bool:
            if on_round is not None and state.number_of_rounds:
                on_round(self)
            is_solved = state.point is not None and is_enough()
            return is_solved or state.gap(MILLION) <= gap

        relax(self.master, self.oracle, self.state, is_done, seconds_left)

    def program(self, tolerance: float, deadline: SecondsLeft) -> CutProgram:
        """Return the master as a program for the search."""
        return CutProgram(
            self.menu,
            self.master,
            self.oracle,
            tolerance=tolerance,
            deadline=deadline,
        )

    def begin_at(self, start: Start) -> None:
        """Let in what is worth trying; take it as centre if no row forbids it."""
        columns = self.menu.columns
        self.master.let_in(columns.share[start.worth_trying])
        center = np.zeros(self.menu.stage.number_of_columns)
        center[columns.decided] = start.decided
        if not is_within(self.menu.stage, center, columns.decided):
            return
        seen = self.oracle.see(center)
        self.master.add(seen.cuts, seen.rows)
        self.state.center = seen.values
        if seen.is_feasible:
            self.state.upper_bound = float(self.menu.stage.cost @ seen.values)

    def end(self) -> Start | None:
        """Return where another model may begin."""
        if self.state.center is None:
            return None
        columns = self.menu.columns
        worth_trying = np.flatnonzero(np.isin(columns.share, self.master.active))
        return Start(self.state.center[columns.decided], worth_trying)


def bare_model(problem: Problem, parts: Parts) -> Model:
    """Return the model of a problem without any cut or cash row."""
    menu = menu_stage(problem, parts.cluster_costs, parts.scenario_costs)
    return Model(menu, Master(menu.stage), MenuOracle(menu, parts), Relaxation())


def set_up(problem: Problem, parts: Parts, start: Start | None) -> Model:
    """Return the model of a problem with its first cuts and rows."""
    model = bare_model(problem, parts)
    model.master.add(*model.oracle.first())
    if start is not None:
        model.begin_at(start)
    return model


def is_within(stage: Stage, values: Floats, decided: Positions) -> bool:
    """Say whether decisions keep the bounds and rows of a stage, up to a tolerance.

    Rows with a column that is not decided yet are left to the recourse.
    """
    slack = TOLERANCE * (1 + np.abs(values))
    inside = (values >= stage.column_lower - slack) & (
        values <= stage.column_upper + slack
    )
    is_open = np.ones(stage.number_of_columns, dtype=np.bool_)
    is_open[decided] = False
    left = stage.rows.matrix @ values
    scale = TOLERANCE * (1 + np.abs(stage.rows.matrix) @ np.abs(values))
    keeps = (left >= stage.rows.lower - scale) & (left <= stage.rows.upper + scale)
    open_rows = np.abs(stage.rows.matrix) @ is_open.astype(np.float64) > 0
    return bool(inside[decided].all() and (keeps | open_rows).all())
