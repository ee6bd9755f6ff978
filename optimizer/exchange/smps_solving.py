"""A two-stage problem solved by the decomposition that solves cases."""

import time
from dataclasses import dataclass, field

from models.outcome import Termination
from optimizer.cores import on_one_thread
from optimizer.deadline import Clock, Deadline
from optimizer.decomposition.lshaped import RelaxationState, relax
from optimizer.decomposition.master import Master
from optimizer.exchange.cold_runs import NoAnswerError
from optimizer.exchange.first_stage_boxes import (
    boxed_stage,
    feasible_start,
    least_costs,
)
from optimizer.exchange.smps_oracle import SmpsOracle
from optimizer.exchange.two_stage import Floats, TwoStageProblem

UNIT = 1e6  # costs have no unit: a gap is relative down to costs of 1e-9
OPTIMALITY_TOLERANCE = 1e-9


@dataclass(frozen=True, slots=True)
class SmpsSolution:
    """The result of a solve: bounds on the optimum of the relaxation.

    first_stage is by column, None if there is none. has_integers means that integers
    were relaxed; wide_columns are those whose box ends at 1e9. failure is what ended a
    solve that is NUMERICAL, if it was a program that could not be solved.
    """

    termination: Termination
    lower_bound: float
    objective: float
    gap: float
    number_of_rounds: int
    seconds: float
    first_stage: Floats | None
    has_integers: bool
    wide_columns: tuple[str, ...]
    failure: str | None = None
    number_of_scenarios: int = 1
    notes: tuple[str, ...] = ()


@on_one_thread
def solve_two_stage(
    problem: TwoStageProblem,
    *,
    gap: float,
    time_limit_s: float,
    clock: Clock = time.monotonic,
) -> SmpsSolution:
    """Solve the relaxation of a problem until the gap is met or time is up.

    Raises InvalidSmpsError if the cost of some recourse has no bound from below.
    """
    start = clock()
    run = _Run(problem, gap, Deadline(start + time_limit_s, clock))
    termination = run.solve()
    state, center = run.state, run.state.center
    return SmpsSolution(
        termination=termination,
        lower_bound=state.lower_bound + problem.constant,
        objective=state.upper_bound + problem.constant,
        gap=state.gap(UNIT),
        number_of_rounds=state.number_of_rounds,
        seconds=clock() - start,
        first_stage=None if center is None else center[: len(problem.first.cost)],
        has_integers=_has_integers(problem),
        wide_columns=run.wide_columns,
        failure=run.failure,
        number_of_scenarios=len(problem.scenarios),
        notes=problem.notes,
    )


@dataclass(slots=True)
class _Run:
    """One solve; its state so far remains if time is up."""

    problem: TwoStageProblem
    gap: float
    deadline: Deadline
    state: RelaxationState = field(default_factory=RelaxationState)
    wide_columns: tuple[str, ...] = ()
    failure: str | None = None

    def solve(self) -> Termination:
        """Find a feasible first stage and boxes around better ones, then iterate."""
        try:
            return self._solve()
        except TimeoutError:
            return Termination.TIME_LIMIT
        except NoAnswerError as error:
            self.failure = str(error)
            return Termination.NUMERICAL

    def _solve(self) -> Termination:
        oracle = SmpsOracle(self.problem, self.deadline)
        least = least_costs(self.problem, self.deadline)
        if least is None:
            return Termination.INFEASIBLE
        start = feasible_start(self.problem, oracle, self.deadline)
        if start is None:
            return Termination.INFEASIBLE
        boxed = boxed_stage(self.problem, start, oracle.totals(least))
        self.wide_columns = boxed.wide_columns
        self.state.center = start.values
        self.state.upper_bound = float(boxed.data.cost @ start.values)
        relax(
            Master(boxed.data),
            oracle,
            self.state,
            lambda reached: reached.gap(UNIT) <= self.gap,
            self.deadline,
        )
        return _termination(self.state, self.gap, self.deadline)


def _termination(state: RelaxationState, gap: float, deadline: Deadline) -> Termination:
    reached = state.gap(UNIT)
    if reached <= OPTIMALITY_TOLERANCE:
        return Termination.OPTIMAL
    if reached <= gap:
        return Termination.GAP_REACHED
    return Termination.TIME_LIMIT if deadline.is_over else Termination.NUMERICAL


def _has_integers(problem: TwoStageProblem) -> bool:
    stages = (problem.first, problem.core)
    return any(
        stage.is_integer is not None and bool(stage.is_integer.any())
        for stage in stages
    )
