"""Requests that solve a case: whole, its relaxation, written out as one program."""

import time
from dataclasses import dataclass, field

from models.outcome import Outcome, Termination
from models.plan import Plan
from optimizer import SolveSession, evaluate, solve, solve_in_session
from optimizer.deadline import Deadline
from optimizer.executors import open_executors
from optimizer.formulation import MILLION
from optimizer.frontier import scaled
from optimizer.highs import Status
from optimizer.problem import complete_problem, first_stage_problem
from optimizer.separation import SeparatedProgram
from optimizer.solve import executors_for, planning_scenarios
from tests.benchmark.case import Case

FRESH_SEED = 4_711
DONE = (Termination.OPTIMAL, Termination.GAP_REACHED)


@dataclass(frozen=True, slots=True)
class Step:
    """A line of the log of a solve, bounds in US dollars."""

    seconds: float
    stage: str
    lower_bound_usd: float | None
    upper_bound_usd: float | None


@dataclass(frozen=True, slots=True)
class Solved:
    """How a solve ended, with its log."""

    seconds: float
    termination: str
    is_done: bool
    gap: float | None
    cost_usd: float | None
    plan: str | None = field(repr=False)
    log: tuple[Step, ...] = field(repr=False)


@dataclass(frozen=True, slots=True)
class Solve:
    """Solve a case from nothing, as a user would."""

    case: Case

    def perform(self) -> Solved:
        """Return how it ended; its clock starts after imports and reading the case."""
        return solved(solve(self.case.instance()))


def solved(outcome: Outcome) -> Solved:
    """Return the figures of an outcome."""
    plan = outcome.plan
    return Solved(
        seconds=outcome.seconds,
        termination=outcome.termination.value,
        is_done=outcome.termination in DONE,
        gap=None if plan is None else plan.promise.gap,
        cost_usd=None if plan is None else plan.promise.objective_usd,
        plan=None if plan is None else plan.model_dump_json(),
        log=tuple(
            Step(x.seconds, x.stage, x.lower_bound_usd, x.upper_bound_usd)
            for x in outcome.log
        ),
    )


@dataclass(frozen=True, slots=True)
class Relaxed:
    """The relaxation of a case: seconds and bounds in US dollars.

    cash_rows are the separated rows (t, w) that the extensive form came to.
    """

    seconds: float
    is_done: bool
    lower_bound_usd: float
    upper_bound_usd: float
    cash_rows: tuple[tuple[int, int], ...] = ()


@dataclass(frozen=True, slots=True)
class RelaxWhole:
    """Solve the relaxation of the extensive form."""

    case: Case

    def perform(self) -> Relaxed:
        """Return its optimum; its clock starts before sampling."""
        instance = self.case.instance()
        deadline = Deadline.after(self.case.time_limit_s)
        problem = complete_problem(instance, planning_scenarios(instance))
        program = SeparatedProgram(problem, is_relaxed=True)
        solution = program.solve(deadline)
        seconds = self.case.time_limit_s - deadline.seconds_left()
        values = solution.values
        is_done = solution.status is Status.OPTIMAL and values is not None
        optimum = float("nan")
        if is_done and values is not None:
            optimum = program.point(values).objective_usd
        rows = tuple(sorted(program.cash_rows))
        return Relaxed(seconds, is_done, optimum, optimum, rows)


@dataclass(frozen=True, slots=True)
class RelaxByParts:
    """Solve the relaxation by decomposition, to the gap of the case."""

    case: Case

    def perform(self) -> Relaxed:
        """Return both bounds; its clock starts before sampling."""
        instance = self.case.instance()
        deadline = Deadline.after(self.case.time_limit_s)
        problem = first_stage_problem(instance, planning_scenarios(instance))
        with SolveSession(executors_for(instance)) as session:
            relaxation = session.relaxation(problem, deadline)
            relaxation.relax(self.case.gap, deadline)
            seconds = self.case.time_limit_s - deadline.seconds_left()
        state = relaxation.state
        return Relaxed(
            seconds,
            state.gap(MILLION) <= self.case.gap,
            state.lower_bound * MILLION,
            state.upper_bound * MILLION,
        )


@dataclass(frozen=True, slots=True)
class Evaluate:
    """Follow a plan, written as JSON, through fresh scenarios."""

    case: Case
    plan: str = field(repr=False)
    scenarios: int

    def perform(self) -> float:
        """Return the seconds that it took."""
        instance = self.case.instance()
        plan = Plan.model_validate_json(self.plan)
        start = time.monotonic()
        evaluate(instance, plan, number_of_scenarios=self.scenarios, seed=FRESH_SEED)
        return time.monotonic() - start


@dataclass(frozen=True, slots=True)
class Chain:
    """Solve a case with its limits scaled by each factor in turn, from one base.

    The first of them is solved cold. Workers are started before any clock.
    """

    case: Case
    factors: tuple[float, ...]

    def perform(self) -> tuple[Solved, ...]:
        """Return how each of them ended."""
        instance = self.case.instance()
        with open_executors("local") as executors, SolveSession(executors) as session:
            return tuple(
                solved(solve_in_session(session, scaled(instance, factor)))
                for factor in self.factors
            )
