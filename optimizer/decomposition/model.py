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
from optimizer.first_stage.found import SecondsLeft
from optimizer.formulation import MILLION
from optimizer.problem import Problem
from optimizer.scenarios.scenario_set import Floats

SMALLEST_SHARE = 1e-6


@dataclass(frozen=True, slots=True)
class Start:
    """Where to begin: decisions in the order of MenuColumns.decided, candidates used."""

    decided: Floats
    used: NDArray[np.int64]


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
    ) -> None:
        """Solve the relaxation on, down to a gap."""

        def is_done(state: Relaxation) -> bool:
            if on_round is not None and state.number_of_rounds:
                on_round(self)
            return state.gap(MILLION) <= gap

        relax(self.master, self.oracle, self.state, is_done, seconds_left)

    def program(self, tolerance: float) -> CutProgram:
        """Return the master as a program for the search."""
        return CutProgram(self.menu, self.master, self.oracle, tolerance)

    def end(self) -> Start | None:
        """Return where another model may begin."""
        if self.state.center is None:
            return None
        columns = self.menu.columns
        shares = self.state.center[columns.share]
        return Start(
            self.state.center[columns.decided], np.flatnonzero(shares > SMALLEST_SHARE)
        )


def set_up(problem: Problem, parts: Parts, start: Start | None) -> Model:
    """Return the model of a problem, with its first cuts and rows."""
    menu = menu_stage(problem, parts.cluster_costs, parts.scenario_costs)
    master, oracle = Master(menu.stage), MenuOracle(menu, parts)
    master.add(*oracle.first())
    state = Relaxation()
    if start is not None:
        center = np.zeros(menu.stage.number_of_columns)
        center[menu.columns.decided] = start.decided
        master.let_in(menu.columns.share[start.used])
        seen = oracle.see(center)
        master.add(seen.cuts, seen.rows)
        state.center = seen.values
    return Model(menu, master, oracle, state)
