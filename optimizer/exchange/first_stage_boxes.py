"""A feasible first stage, and boxes around all better ones.

The bound of the master needs a finite box for each of its columns. The cost of one
feasible point bounds the columns of all better points; a column that stays unbounded
gets a wide box, and the bound holds inside it.
"""

from dataclasses import dataclass, replace

import numpy as np
from scipy.sparse import block_array, csr_array

from models.mistakes import Mistake
from optimizer.deadline import Deadline
from optimizer.decomposition.master_data import MasterData, Rows, joined, no_rows
from optimizer.exchange.cold_runs import NoAnswerError, check_time, confirmed
from optimizer.exchange.scenario_programs import kind_of
from optimizer.exchange.smps_lines import InvalidSmpsError
from optimizer.exchange.smps_oracle import SmpsOracle, widened
from optimizer.exchange.two_stage import Floats, SecondStage, TwoStageProblem
from optimizer.highs import INFINITY, LinearProgram, Solver, Status

WIDE = 1e9
MARGIN = 1e-6  # of a bound that a linear program found, relative


@dataclass(frozen=True, slots=True)
class FeasiblePoint:
    """A feasible first stage, its costs by cluster, and rows found on the way."""

    point: Floats
    costs: Floats
    rows: Rows

    @property
    def values(self) -> Floats:
        """All columns of the stage."""
        return np.concatenate([self.point, self.costs])


@dataclass(frozen=True, slots=True)
class Boxed:
    """The stage of the master, and columns that only have a wide box."""

    data: MasterData
    wide_columns: tuple[str, ...]


def feasible_start(
    problem: TwoStageProblem, oracle: SmpsOracle, deadline: Deadline
) -> FeasiblePoint | None:
    """Return the cheapest first stage that is feasible in every scenario.

    None if there is none. Raises TimeoutError if time is up before one is found, and
    NoAnswerError.
    """
    first, rows = _within(problem.first, WIDE), no_rows(len(problem.first.cost))
    known = Rows(first.rows, first.row_lower, first.row_upper)
    solver = Solver(first)
    while True:
        solution = solver.run(time_limit_s=deadline.seconds_left())
        check_time(solution, deadline)
        if solution.status is not Status.OPTIMAL:
            program = _with_rows(first, joined(known, rows))
            solution = confirmed(program, solution, deadline)
        if solution.status is Status.INFEASIBLE:
            return None
        if solution.values is None:
            msg = "HiGHS solves the first stage in no way"
            raise NoAnswerError(msg)
        answers, found = oracle.ask(solution.values)
        if found is None:
            supports = oracle.by_cluster(answers)
            costs = np.array([support.at(solution.values) for support in supports])
            return FeasiblePoint(solution.values, costs, rows)
        rows = joined(rows, found)
        solver.add_rows(found.matrix, found.lower, found.upper)


def boxed_stage(problem: TwoStageProblem, start: FeasiblePoint, least: Floats) -> Boxed:
    """Return the stage with finite boxes; least is the least cost of each cluster."""
    first, number = problem.first, len(least)
    cost = float(first.cost @ start.point + start.costs.sum())
    limit = cost + MARGIN * max(1.0, abs(cost)) - float(least.sum())
    known = joined(Rows(first.rows, first.row_lower, first.row_upper), start.rows)
    level = Rows(
        csr_array(first.cost[None, :]), np.array([-INFINITY]), np.array([limit])
    )
    solver = Solver(_with_rows(first, joined(known, level)))
    lower, upper = first.column_lower.copy(), first.column_upper.copy()
    for j in range(len(lower)):
        if not np.isfinite(lower[j]):
            lower[j] = _least(solver, _unit(len(lower), j))
        if not np.isfinite(upper[j]):
            upper[j] = -_least(solver, -_unit(len(upper), j))
    is_wide = np.maximum(np.abs(lower), np.abs(upper)) >= WIDE
    most = limit - _least(solver, first.cost) + least
    stage = MasterData(
        cost=np.concatenate([first.cost, np.ones(number)]),
        rows=widened(known, number),
        column_lower=np.concatenate([lower, least]),
        column_upper=np.concatenate([upper, np.maximum(most, start.costs)]),
        groups=(),
        is_started=np.ones(len(lower) + number, dtype=np.bool_),
    )
    names = problem.names.first_columns
    return Boxed(stage, tuple(names[j] for j in np.flatnonzero(is_wide)))


def least_costs(problem: TwoStageProblem, deadline: Deadline) -> Floats | None:
    """Return the least cost of each scenario over all first stages.

    None if a scenario has no feasible first stage. Raises InvalidSmpsError if
    there is no bound, TimeoutError, and NoAnswerError.
    """
    first = problem.first
    solvers: dict[tuple[bytes, ...], Solver] = {}
    least: list[float] = []
    for scenario, stage in zip(problem.scenarios, problem.second_stages(), strict=True):
        key = (*kind_of(scenario), scenario.technology.key)
        if key not in solvers:
            solvers[key] = Solver(_joint(first, stage), presolve=False)
        solvers[key].set_row_bounds(
            None,
            np.concatenate([first.row_lower, stage.row_lower]),
            np.concatenate([first.row_upper, stage.row_upper]),
        )
        solution = solvers[key].run(time_limit_s=deadline.seconds_left())
        check_time(solution, deadline)
        if solution.status is not Status.OPTIMAL:
            solution = confirmed(_joint(first, stage), solution, deadline)
        if solution.status is Status.INFEASIBLE:
            return None
        if solution.status is Status.UNBOUNDED:
            where = f"scenario {scenario.name} over all first stages"
            expected = "a bound on the cost of its recourse from below"
            raise InvalidSmpsError([Mistake(where, solution.status.value, expected)])
        if solution.status is not Status.OPTIMAL:
            msg = f"HiGHS bounds the cost of scenario {scenario.name} in no way"
            raise NoAnswerError(msg)
        value = solution.objective
        least.append(value - MARGIN * max(1.0, abs(value)))
    return np.array(least)


def _least(solver: Solver, cost: Floats) -> float:
    """Return the least cost less a safety margin, at least -WIDE."""
    solver.set_costs(cost)
    solution = solver.run()
    if solution.status is not Status.OPTIMAL:
        return -WIDE
    value = solution.objective
    return max(value - MARGIN * max(1.0, abs(value)), -WIDE)


def _unit(number: int, j: int) -> Floats:
    unit = np.zeros(number)
    unit[j] = 1.0
    return unit


def _with_rows(first: LinearProgram, rows: Rows) -> LinearProgram:
    return replace(
        first,
        rows=rows.matrix,
        row_lower=rows.lower,
        row_upper=rows.upper,
        is_integer=None,
    )


def _within(first: LinearProgram, width: float) -> LinearProgram:
    return replace(
        first,
        column_lower=np.maximum(first.column_lower, -width),
        column_upper=np.minimum(first.column_upper, width),
        is_integer=None,
    )


def _joint(first: LinearProgram, stage: SecondStage) -> LinearProgram:
    """Return first and second stage of one scenario, with the second's cost alone."""
    return LinearProgram(
        cost=np.concatenate([np.zeros(len(first.cost)), stage.cost]),
        rows=csr_array(
            block_array([[first.rows, None], [stage.technology, stage.recourse]])
        ),
        row_lower=np.concatenate([first.row_lower, stage.row_lower]),
        row_upper=np.concatenate([first.row_upper, stage.row_upper]),
        column_lower=np.concatenate([first.column_lower, stage.column_lower]),
        column_upper=np.concatenate([first.column_upper, stage.column_upper]),
    )
