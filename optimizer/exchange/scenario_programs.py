"""The second stage of each scenario as a linear program with a given first stage.

Scenarios that differ only in their right-hand sides and technology share one program,
warm from one to the next. Integers are left out: the value is that of the relaxation.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
from scipy.sparse import csr_array, eye_array, hstack

from optimizer.exchange.two_stage import (
    Floats,
    Scenario,
    SecondStage,
    TwoStageProblem,
)
from optimizer.highs import INFINITY, LinearProgram, Solution, Solver, Status

Kind = tuple[bytes, ...]
SMALLEST_REDUCED_COST = 1e-7  # what HiGHS counts as 0


class RecourseError(RuntimeError):
    """The recourse of a scenario could not be solved."""


@dataclass(frozen=True, slots=True)
class Support:
    """A function of the first stage below a value: constant + gradient @ x."""

    constant: float
    gradient: Floats

    def at(self, point: Floats) -> float:
        """Return the function at a first stage."""
        return self.constant + float(self.gradient @ point)


@dataclass(frozen=True, slots=True)
class Answer:
    """The answer of a scenario to a first stage: its value, or that it is infeasible.

    support is below the value everywhere. Of an infeasible one it is below the least
    total violation of rows everywhere, so where it is above 0 nothing is feasible.
    """

    is_feasible: bool
    support: Support


class ScenarioPrograms:
    """The recourse of all scenarios of a problem."""

    def __init__(self, problem: TwoStageProblem) -> None:
        self._problem = problem
        self._kinds = [kind_of(scenario) for scenario in problem.scenarios]
        self._solvers: dict[
            tuple[tuple[bytes, ...], bool], tuple[SecondStage, Solver]
        ] = {}

    def answer(self, w: int, point: Floats) -> Answer:
        """Solve a scenario with a first stage."""
        stage = self._problem.second_stage(w)
        ordinary, solution = self._run(w, stage, point, is_slack=False)
        if solution.status is Status.OPTIMAL:
            return Answer(is_feasible=True, support=_support(ordinary, solution))
        if solution.status is not Status.INFEASIBLE:
            name = self._problem.scenarios[w].name
            msg = f"scenario {name} is {solution.status.value}, expected an optimum"
            raise RecourseError(msg)
        slack, solution = self._run(w, stage, point, is_slack=True)
        return Answer(is_feasible=False, support=_support(slack, solution))

    def _run(
        self, w: int, stage: SecondStage, point: Floats, *, is_slack: bool
    ) -> tuple[SecondStage, Solution]:
        key = self._kinds[w], is_slack
        if key not in self._solvers:
            whole = _with_slack(stage) if is_slack else stage
            solver = Solver(_program(whole), presolve=False, threads=1)
            self._solvers[key] = whole, solver
        whole, solver = self._solvers[key]
        decided = stage.technology @ point
        solver.set_row_bounds(
            None, stage.row_lower - decided, stage.row_upper - decided
        )
        solved = replace(
            whole,
            technology=stage.technology,
            row_lower=stage.row_lower,
            row_upper=stage.row_upper,
        )
        return solved, solver.run()


def kind_of(scenario: Scenario) -> Kind:
    """Return what tells programs apart beside technology and sides of rows."""
    return (
        scenario.cost.key,
        scenario.recourse.key,
        scenario.column_lower.key,
        scenario.column_upper.key,
    )


def _program(stage: SecondStage) -> LinearProgram:
    return LinearProgram(
        stage.cost,
        stage.recourse,
        stage.row_lower,
        stage.row_upper,
        stage.column_lower,
        stage.column_upper,
    )


def _with_slack(stage: SecondStage) -> SecondStage:
    """Return the stage with a cost of 1 on each unit by which a row is missed."""
    height, width = stage.recourse.shape
    unit = eye_array(height, format="csr")
    return replace(
        stage,
        cost=np.concatenate([np.zeros(width), np.ones(2 * height)]),
        recourse=csr_array(hstack([stage.recourse, unit, -unit], format="csr")),
        column_lower=np.concatenate([stage.column_lower, np.zeros(2 * height)]),
        column_upper=np.concatenate(
            [stage.column_upper, np.full(2 * height, INFINITY)]
        ),
    )


def _support(stage: SecondStage, solution: Solution) -> Support:
    """Return the function of the duals: below the value at any first stage.

    Weak duality: sides of rows at their duals, and reduced costs at the better end of
    each column's box. A reduced cost that HiGHS counts as 0 is 0 where there is no end.
    """
    if solution.row_duals is None:
        msg = "the recourse has no duals, expected some"
        raise RecourseError(msg)
    duals = solution.row_duals
    side = np.where(duals > 0, stage.row_lower, stage.row_upper)
    duals = np.where(np.isfinite(side), duals, 0.0)
    reduced = stage.cost - stage.recourse.T @ duals
    end = np.where(reduced > 0, stage.column_lower, stage.column_upper)
    is_open = ~np.isfinite(end)
    if (np.abs(reduced[is_open]) > SMALLEST_REDUCED_COST * _scale(stage.cost)).any():
        msg = "the duals of the recourse are infeasible, expected a bound"
        raise RecourseError(msg)
    used, priced = duals != 0, ~is_open
    constant = float(duals[used] @ side[used]) + float(reduced[priced] @ end[priced])
    return Support(constant, -(stage.technology.T @ duals))


def _scale(cost: Floats) -> float:
    return max(1.0, float(np.abs(cost).max(initial=0.0)))


def summed(weights: Sequence[float], supports: Sequence[Support]) -> Support:
    """Return the weighted sum of functions."""
    return Support(
        sum(w * s.constant for w, s in zip(weights, supports, strict=True)),
        np.sum(
            [w * s.gradient for w, s in zip(weights, supports, strict=True)], axis=0
        ),
    )
