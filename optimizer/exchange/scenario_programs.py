"""The second stage of each scenario as a linear program with a given first stage.

Scenarios that differ only in their right-hand sides and technology share one program,
warm from one to the next. Integers are left out: the value is that of the relaxation.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

import numpy as np
from scipy.sparse import csr_array, eye_array, hstack

from optimizer.deadline import NEVER, Deadline
from optimizer.exchange.cold_runs import NoAnswerError, check_time, cold_runs
from optimizer.exchange.two_stage import (
    Floats,
    Scenario,
    SecondStage,
    TwoStageProblem,
)
from optimizer.highs import (
    FEASIBILITY_TOLERANCE,
    INFINITY,
    LinearProgram,
    Solution,
    Solver,
    Status,
)

Kind = tuple[bytes, ...]
SMALLEST_REDUCED_COST = 1e-7  # what HiGHS counts as 0
LEAST_VIOLATION = 1e-6  # in all rows together, for a first stage to be cut off


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

    def __init__(self, problem: TwoStageProblem, deadline: Deadline = NEVER) -> None:
        self._problem = problem
        self._deadline = deadline
        self._kinds = [kind_of(scenario) for scenario in problem.scenarios]
        self._solvers: dict[tuple[Kind, bool], Solver] = {}

    def answer(self, w: int, point: Floats) -> Answer:
        """Solve a scenario with a first stage.

        Raises NoAnswerError if no run of its program ends with usable duals, and
        TimeoutError if time is up.
        """
        stage = self._problem.second_stage(w)
        decided = stage.technology @ point
        support = self._value(w, stage, decided)
        if support is not None:
            return Answer(is_feasible=True, support=support)
        elastic = _with_slack(stage)
        for solution in self._runs(w, elastic, decided, is_slack=True):
            support = _support(elastic, solution)
            if support is None or solution.values is None:
                continue
            if support.at(point) > LEAST_VIOLATION:
                return Answer(is_feasible=False, support=support)
            missed = np.add(*np.split(solution.values[-2 * len(decided) :], 2))
            near = self._near_value(stage, decided, missed)
            if near is not None:
                return Answer(is_feasible=True, support=near)
        name = self._problem.scenarios[w].name
        msg = f"HiGHS solves scenario {name} in no way at one first stage"
        raise NoAnswerError(msg)

    def _value(self, w: int, stage: SecondStage, decided: Floats) -> Support | None:
        for solution in self._runs(w, stage, decided, is_slack=False):
            support = _support(stage, solution)
            if support is not None:
                return support
            if solution.status is Status.INFEASIBLE:
                break
        return None

    def _near_value(
        self, stage: SecondStage, decided: Floats, missed: Floats
    ) -> Support | None:
        """Return the value where each row may be missed by what it must be missed by.

        The support is below the value with the rows as they are: any duals give one.
        """
        room = missed + FEASIBILITY_TOLERANCE
        near = replace(
            stage, row_lower=stage.row_lower - room, row_upper=stage.row_upper + room
        )
        for solution in cold_runs(_program(near, decided), self._deadline):
            support = _support(stage, solution)
            if support is not None:
                return support
        return None

    def _runs(
        self, w: int, stage: SecondStage, decided: Floats, *, is_slack: bool
    ) -> Iterator[Solution]:
        """Yield a warm run, then cold ones."""
        key = self._kinds[w], is_slack
        if key not in self._solvers:
            program = _program(stage, decided)
            self._solvers[key] = Solver(program, presolve=False)
        solver = self._solvers[key]
        solver.set_row_bounds(
            None, stage.row_lower - decided, stage.row_upper - decided
        )
        solution = solver.run(time_limit_s=self._deadline.seconds_left())
        check_time(solution, self._deadline)
        yield solution
        solver.forget()
        yield from cold_runs(_program(stage, decided), self._deadline)


def kind_of(scenario: Scenario) -> Kind:
    """Return what tells programs apart beside technology and sides of rows."""
    return (
        scenario.cost.key,
        scenario.recourse.key,
        scenario.column_lower.key,
        scenario.column_upper.key,
    )


def _program(stage: SecondStage, decided: Floats) -> LinearProgram:
    return LinearProgram(
        stage.cost,
        stage.recourse,
        stage.row_lower - decided,
        stage.row_upper - decided,
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


def _support(stage: SecondStage, solution: Solution) -> Support | None:
    """Return the function of the duals: below the value at any first stage.

    Weak duality: sides of rows at their duals, and reduced costs at the better end of
    each column's box. A reduced cost that HiGHS counts as 0 is 0 where there is no end;
    None if a larger one is there, or if the run has no optimum.
    """
    if solution.status is not Status.OPTIMAL or solution.row_duals is None:
        return None
    duals = solution.row_duals
    side = np.where(duals > 0, stage.row_lower, stage.row_upper)
    duals = np.where(np.isfinite(side), duals, 0.0)
    reduced = stage.cost - stage.recourse.T @ duals
    end = np.where(reduced > 0, stage.column_lower, stage.column_upper)
    is_open = ~np.isfinite(end)
    if (np.abs(reduced[is_open]) > SMALLEST_REDUCED_COST * _scale(stage.cost)).any():
        return None
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
