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
from optimizer.checked_plan import (
    Bound,
    PlanRejectedError,
    checked_plan,
    with_bound,
)
from optimizer.cores import on_one_thread
from optimizer.deadline import Clock, Deadline
from optimizer.decomposition.cut_keys import cut_key, scenario_key
from optimizer.decomposition.session import SolveSession
from optimizer.decomposition.solve import solve_by_decomposition
from optimizer.decomposition.warm_start import (
    Key,
    UnreadableWarmStartError,
    WarmStart,
)
from optimizer.evaluation.fresh_cost import fresh_cost
from optimizer.extensive_form import solve_extensive_form
from optimizer.first_stage.cheapest_financing import FinancingError
from optimizer.first_stage.conflict import unbuyable_covers
from optimizer.first_stage.incumbent import (
    OPTIMALITY_TOLERANCE,
    OnBetter,
    SolveResult,
    infeasible,
)
from optimizer.least_plan import LEAST_COST_USD, least_plan
from optimizer.point import Point
from optimizer.problem import (
    CompleteProblem,
    FirstStageProblem,
    completed,
    first_stage_problem,
    recourse_of,
)
from optimizer.progress import NO_CALLBACKS, ProgressLog, SolveCallbacks
from optimizer.recourse.allocation import AllocationError
from optimizer.recourse.blocks import Recourse
from optimizer.refinement import refined
from optimizer.scenarios import sample
from optimizer.scenarios.scenario_set import ScenarioSet

MOST_RESPONSES_AT_ONCE = 100_000  # nonzeros of (21); more, and decomposition is faster
FEWEST_RESPONSES_FOR_PROCESSES = 1_000_000


@on_one_thread
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
    return _with_fresh_cost(instance, outcome, solver.deadline(instance), log)


@on_one_thread
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


@on_one_thread
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
    log.step("method", f"{method.name_in_words}, {candidates} candidates")
    if method is Method.EXTENSIVE_FORM:
        problem = completed(problem, recourse)
    return _Prepared(problem, method, _where_to_work(size))


def _faster_method(size: int) -> Method:
    is_large = size > MOST_RESPONSES_AT_ONCE
    return Method.DECOMPOSITION if is_large else Method.EXTENSIVE_FORM


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


def _with_fresh_cost(
    instance: Instance, outcome: Outcome, deadline: Deadline, log: ProgressLog
) -> Outcome:
    """Return the outcome with the cost of its plan on fresh scenarios, if time is left.

    The session is closed by now: workers of a large case hold gigabytes.
    """
    if outcome.plan is None:
        return outcome
    try:
        fresh = fresh_cost(instance, outcome.plan, deadline=deadline)
    except AllocationError:
        # The plan is good on its own scenarios, and stays so without this figure.
        return outcome
    plan = outcome.plan.model_copy(update={"fresh": fresh}).sealed()
    return outcome.model_copy(update={"plan": plan, "seconds": log.seconds()})


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
        """Solve and check; with is_last the session is closed before the check.

        A case whose limits allow the least plan ends with it, or with a better one.
        """
        problem = prepared.problem
        unbuyable = unbuyable_covers(problem)
        least = None if unbuyable else self._least(prepared)
        result = infeasible(unbuyable) if unbuyable else self._result(prepared)
        if is_last:
            # Workers of a large case hold gigabytes, and its check needs as many.
            self._session.close()
        plan = self._better(prepared, result, least)
        if plan is None:
            self._log.bounds("no plan", result.lower_bound_usd, np.inf)
        else:
            self._log.bounds("checked", plan.promise.lower_bound_usd, _cost(plan))
        return Outcome(
            termination=self._termination(result, plan, problem.instance.options.gap),
            plan=plan,
            conflict=result.conflict if plan is None else (),
            seconds=self._log.seconds(),
            log=tuple(self._log.records),
        )

    def _least(self, prepared: _Prepared) -> Plan | None:
        """Return the least plan; the cost of the world without vault is kept."""
        costs, key = self._session.costs_without_vault, _cost_key(prepared.problem)
        plan = least_plan(
            prepared.problem, prepared.method.name_in_words, costs.get(key)
        )
        if plan is not None:
            costs[key] = plan.promise.cost_without_vault_usd
        return plan

    def _better(
        self, prepared: _Prepared, result: SolveResult, least: Plan | None
    ) -> Plan | None:
        """Return the plan of the incumbent, or the least one if that costs no more.

        Raises PlanRejectedError or FinancingError if the incumbent is no plan and there
        is no other.
        """
        name, price = prepared.method.name_in_words, result.budget_shadow_price
        plan = None
        # One of an earlier solve cannot be reported until a lower bound is known.
        if result.incumbent is not None and result.is_proved:
            bound = Bound(result.lower_bound_usd, price, name)
            try:
                plan = self._plan(prepared.problem, result.incumbent, bound)
            except (FinancingError, PlanRejectedError):
                if least is None:
                    raise
        if least is None or (plan is not None and _cost(plan) <= _cost(least)):
            return plan
        lower = max(result.lower_bound_usd, LEAST_COST_USD)
        try:
            return with_bound(least, Bound(lower, price, name))
        except PlanRejectedError:
            return least  # no proof: the bound is that of a false conflict or program

    def _result(self, prepared: _Prepared) -> SolveResult:
        problem, on_better = prepared.problem, self._on_better(prepared)
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
            bound = Bound(lower_bound_usd, None, prepared.method.name_in_words)
            try:
                plan = self._plan(prepared.problem, point, bound)
            except (FinancingError, PlanRejectedError):
                return  # the next point may be a plan
            if _cost(plan) < self._reported_usd:
                self._reported_usd = _cost(plan)
                report(plan)

        return check

    def _plan(self, problem: FirstStageProblem, point: Point, bound: Bound) -> Plan:
        """Return the checked plan of a point; one checked before gets the bound."""
        if self._checked is not None and self._checked[0] is point:
            return with_bound(self._checked[1], bound)
        costs, key = self._session.costs_without_vault, _cost_key(problem)
        plan = checked_plan(problem, point, bound, costs.get(key))
        costs[key] = plan.promise.cost_without_vault_usd
        self._checked = point, plan
        return plan

    def _termination(
        self, result: SolveResult, plan: Plan | None, asked_gap: float
    ) -> Termination:
        is_cut_short = result.termination is Termination.TIME_LIMIT
        if is_cut_short and self._callbacks.was_interrupted():
            return Termination.INTERRUPTED
        return result.termination if plan is None else _proved(result, plan, asked_gap)


def _proved(result: SolveResult, plan: Plan, asked_gap: float) -> Termination:
    """Return how a solve with a plan ended: a false conflict or proof is numerical."""
    termination, gap = result.termination, plan.promise.gap
    is_false = termination is Termination.INFEASIBLE
    if result.incumbent is not None and termination is not Termination.TIME_LIMIT:
        is_false = gap > max(asked_gap, OPTIMALITY_TOLERANCE)
    return Termination.NUMERICAL if is_false else termination


def _cost(plan: Plan) -> float:
    return plan.promise.objective_usd


def _cost_key(problem: FirstStageProblem) -> Key:
    """Return the key by which a session keeps the cost of the world without vault."""
    return cut_key(problem.instance), scenario_key(problem.scenarios)
