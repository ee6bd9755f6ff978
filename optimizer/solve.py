"""The way from a case to a checked plan.

case -> scenarios -> first stage -> relaxation -> incumbent -> plan -> check
"""

import time
from collections.abc import Callable, Sequence
from concurrent.futures import Executor
from dataclasses import dataclass

import numpy as np

from models.instance import Instance
from models.options import Method
from models.outcome import Outcome, Termination
from models.plan import Plan
from optimizer.checked_plan import Bound, checked_plan, with_bound
from optimizer.deadline import Clock, Deadline
from optimizer.decomposition.cut_keys import cut_key, scenario_key
from optimizer.decomposition.session import SolveSession
from optimizer.decomposition.solve import solve_by_decomposition
from optimizer.decomposition.warm_start import UnreadableWarmStartError, WarmStart
from optimizer.extensive_form import solve_extensive_form
from optimizer.first_stage.conflict import unbuyable_covers
from optimizer.first_stage.incumbent import OnBetter, SolveResult, infeasible
from optimizer.point import Point
from optimizer.problem import (
    CompleteProblem,
    FirstStageProblem,
    completed,
    first_stage_problem,
    recourse_of,
)
from optimizer.progress import NO_CALLBACKS, ProgressLog, SolveCallbacks
from optimizer.recourse.blocks import Recourse
from optimizer.refinement import refined
from optimizer.scenarios import sample
from optimizer.scenarios.scenario_set import ScenarioSet

MOST_RESPONSES_AT_ONCE = 100_000  # nonzeros of (19); more, and decomposition is faster
FEWEST_RESPONSES_FOR_PROCESSES = 1_000_000


def solve(
    instance: Instance,
    *,
    callbacks: SolveCallbacks = NO_CALLBACKS,
    executors: Sequence[Executor] | None = None,
    warm_start: bytes | None = None,
    clock: Clock = time.monotonic,
) -> Outcome:
    """Return a checked plan, or the reason why there is none.

    Options are those of the instance. Without executors a large case is decomposed over
    processes of this machine. warm_start is what on_warm_start of another solve has
    reported; it is used if it is readable and valid. Raises PlanRejectedError if
    the plan does not keep its promise: then there is a fault in the program.
    """
    log = ProgressLog(callbacks, clock)
    prepared = _prepared(instance, planning_scenarios(instance), log)
    with SolveSession(executors or prepared.where, _readable(warm_start)) as session:
        solver = _CaseSolver(session, callbacks, log, clock)
        refinements = instance.options.menu_refinements
        is_last = not refinements and callbacks.on_warm_start is None
        outcome = solver.solve(prepared, is_last=is_last)
        _report_warm_start(session, callbacks)
        for _ in range(refinements):
            plan, before = outcome.plan, prepared.problem
            finer = None if plan is None else refined(before.instance, plan)
            if finer is None or solver.deadline(finer).is_over:
                break
            prepared = _refined(finer, before.scenarios, session, log)
            outcome = _better(outcome, solver.solve(prepared))
    return outcome


def solve_in_session(
    session: SolveSession,
    instance: Instance,
    *,
    like: Instance | None = None,
    callbacks: SolveCallbacks = NO_CALLBACKS,
    clock: Clock = time.monotonic,
) -> Outcome:
    """Return what `solve` would, starting from what the session has kept.

    It decomposes the case unless the options name another method. With `like` the
    scenarios have the onsets of that case. The menu is not refined.
    """
    log = ProgressLog(callbacks, clock)
    scenarios = planning_scenarios(instance, like)
    prepared = _prepared(instance, scenarios, log, automatic=Method.DECOMPOSITION)
    return _CaseSolver(session, callbacks, log, clock).solve(prepared)


def solve_on(instance: Instance, scenarios: ScenarioSet) -> Outcome:
    """Solve on given scenarios."""
    log = ProgressLog()
    prepared = _prepared(instance, scenarios, log)
    with SolveSession(prepared.where) as session:
        return _CaseSolver(session, NO_CALLBACKS, log).solve(prepared)


def planning_scenarios(instance: Instance, like: Instance | None = None) -> ScenarioSet:
    """Return the scenarios that the options ask for, with onsets as in another case."""
    return sample(
        instance,
        number_of_scenarios=instance.options.number_of_scenarios,
        generator=np.random.default_rng(instance.options.seed),
        like=like,
    )


def executors_for(instance: Instance) -> str:
    """Return where to work on the planning scenarios of a case, by its size."""
    problem = first_stage_problem(instance, planning_scenarios(instance))
    return _where_to_work(number_of_responses(problem, recourse_of(problem)))


def number_of_responses(problem: FirstStageProblem, recourse: Recourse) -> int:
    """Return how many numbers describe what all candidates do against the gaps."""
    short = np.bincount(recourse.short_m, minlength=len(problem.instance.materials))
    return sum(
        len(menu.candidates) * int(short[holding.m])
        for holding, menu in zip(problem.holdings, problem.menus, strict=True)
    )


def _where_to_work(size: int) -> str:
    """Return the executors for a number of responses: processes take time to start."""
    return "local" if size > FEWEST_RESPONSES_FOR_PROCESSES else "here"


@dataclass(frozen=True, slots=True)
class _Prepared:
    """A case on its scenarios, ready to be solved by a method."""

    problem: FirstStageProblem
    method: Method
    where: str


def _prepared(
    instance: Instance,
    scenarios: ScenarioSet,
    log: ProgressLog,
    automatic: Method | None = None,
) -> _Prepared:
    """Return the case with its method: automatic, if given, where it names none."""
    log.step("scenarios", f"{scenarios.number_of_scenarios} scenarios")
    problem = first_stage_problem(instance, scenarios)
    recourse = recourse_of(problem)
    size = number_of_responses(problem, recourse)
    method = instance.options.method
    if method is Method.AUTOMATIC:
        method = automatic or _faster_method(size)
    candidates = sum(len(menu.candidates) for menu in problem.menus)
    log.step("method", f"{_name(method)}, {candidates} candidates")
    if method is Method.EXTENSIVE_FORM:
        problem = completed(problem, recourse)
    return _Prepared(problem, method, _where_to_work(size))


def _faster_method(size: int) -> Method:
    is_large = size > MOST_RESPONSES_AT_ONCE
    return Method.DECOMPOSITION if is_large else Method.EXTENSIVE_FORM


def _name(method: Method) -> str:
    return method.value.replace("_", " ")


def _refined(
    finer: Instance, scenarios: ScenarioSet, session: SolveSession, log: ProgressLog
) -> _Prepared:
    levels = sum(map(len, finer.options.added_levels_days_of_cover.values()))
    log.step("refinement", f"{levels} levels added")
    automatic = Method.DECOMPOSITION if session.has_blocks else None
    return _prepared(finer, scenarios, log, automatic)


def _better(before: Outcome, after: Outcome) -> Outcome:
    """Return the outcome with the better plan, with the log and time of both solves."""
    if _objective(after) <= _objective(before):
        return after
    return before.model_copy(update={"seconds": after.seconds, "log": after.log})


def _objective(outcome: Outcome) -> float:
    return np.inf if outcome.plan is None else outcome.plan.promise.objective_usd


def _readable(content: bytes | None) -> WarmStart | None:
    """Return a warm start; None if it is unreadable or of another format."""
    try:
        return None if content is None else WarmStart.from_bytes(content)
    except UnreadableWarmStartError:
        return None


def _report_warm_start(session: SolveSession, callbacks: SolveCallbacks) -> None:
    warm_start = session.warm_start()
    if callbacks.on_warm_start is not None and warm_start is not None:
        callbacks.on_warm_start(warm_start.to_bytes())


class _CaseSolver:
    """The solves of one case and its refinements, with one log and one clock."""

    def __init__(
        self,
        session: SolveSession,
        callbacks: SolveCallbacks,
        log: ProgressLog,
        clock: Clock = time.monotonic,
    ) -> None:
        self._session = session
        self._callbacks = callbacks
        self._log = log
        self._clock = clock
        self._reported_usd = np.inf
        self._checked: tuple[Point, Plan] | None = None

    def deadline(self, instance: Instance) -> Deadline:
        """Return the deadline of a case, counted from the start of the log."""
        ends_at = self._log.start + instance.options.time_limit_s
        return Deadline(ends_at, self._clock, self._callbacks.is_interrupted)

    def solve(self, prepared: _Prepared, *, is_last: bool = False) -> Outcome:
        """Solve and check; with is_last the session is closed before the check."""
        problem = prepared.problem
        result = self._result(prepared)
        plan = None
        # One of an earlier solve cannot be reported until a lower bound is known.
        if result.incumbent is not None and result.is_proved:
            if is_last:
                # Workers of a large case hold gigabytes, and its check needs as many.
                self._session.close()
            price = result.budget_shadow_price
            bound = Bound(result.lower_bound_usd, price, _name(prepared.method))
            plan = self._plan(problem, result.incumbent, bound)
        upper = np.inf if plan is None else plan.promise.objective_usd
        stage = "checked" if plan else "no plan"
        self._log.bounds(stage, result.lower_bound_usd, upper)
        return Outcome(
            termination=self._termination(result),
            plan=plan,
            conflict=result.conflict,
            seconds=self._log.seconds(),
            log=tuple(self._log.records),
        )

    def _result(self, prepared: _Prepared) -> SolveResult:
        problem, on_better = prepared.problem, self._on_better(prepared)
        if unbuyable := unbuyable_covers(problem):
            return infeasible(unbuyable)
        deadline = self.deadline(problem.instance)
        if isinstance(problem, CompleteProblem):
            return solve_extensive_form(problem, deadline, self._log, on_better)
        return solve_by_decomposition(
            problem, self._session, deadline, self._log, on_better
        )

    def _on_better(self, prepared: _Prepared) -> OnBetter | None:
        """Return the function that reports each better point as a checked plan."""
        report: Callable[[Plan], None] | None = self._callbacks.on_incumbent
        if report is None:
            return None

        def check(point: Point, lower_bound_usd: float) -> None:
            bound = Bound(lower_bound_usd, None, _name(prepared.method))
            plan = self._plan(prepared.problem, point, bound)
            if plan.promise.objective_usd < self._reported_usd:
                self._reported_usd = plan.promise.objective_usd
                report(plan)

        return check

    def _plan(self, problem: FirstStageProblem, point: Point, bound: Bound) -> Plan:
        """Return the checked plan of a point; one checked before gets the bound."""
        if self._checked is not None and self._checked[0] is point:
            return with_bound(self._checked[1], bound)
        costs = self._session.costs_without_vault
        key = cut_key(problem.instance), scenario_key(problem.scenarios)
        plan = checked_plan(problem, point, bound, costs.get(key))
        costs[key] = plan.promise.cost_without_vault_usd
        self._checked = point, plan
        return plan

    def _termination(self, result: SolveResult) -> Termination:
        is_cut_short = result.termination is Termination.TIME_LIMIT
        if is_cut_short and self._callbacks.was_interrupted():
            return Termination.INTERRUPTED
        return result.termination
