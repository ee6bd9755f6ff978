"""From a case to an outcome: sample, solve, replay, check. The one entry point."""

import time
from collections.abc import Callable, Sequence
from concurrent.futures import Executor
from contextlib import ExitStack
from dataclasses import dataclass, field

import numpy as np

from models.instance import Instance
from models.options import Method
from models.outcome import Outcome, ProgressRecord, Termination
from models.plan import Plan
from optimizer.checked_plan import Bound, checked_plan, with_bound
from optimizer.decomposition.cut_keys import cut_key, scenario_key
from optimizer.decomposition.session import Key, SolveSession
from optimizer.decomposition.solve import solve_by_decomposition
from optimizer.decomposition.warm_start import (
    UnreadableWarmStartError,
    WarmStart,
    from_bytes,
    to_bytes,
)
from optimizer.executors import open_executors
from optimizer.extensive_form.solve import solve_extensive_form
from optimizer.first_stage.found import Found, Watch
from optimizer.gap import gap_of
from optimizer.point import Point
from optimizer.problem import Problem, outline, with_responses, without_blocks
from optimizer.refinement import refined
from optimizer.scenarios import sample
from optimizer.scenarios.scenario_set import ScenarioSet

Clock = Callable[[], float]
MOST_RESPONSES_AT_ONCE = 100_000  # nonzeros of (19); more, and decomposition is faster
FEWEST_RESPONSES_FOR_PROCESSES = 1_000_000


def never() -> bool:
    """Say no."""
    return False


@dataclass(frozen=True, slots=True)
class Listener:
    """Whoever follows a solve."""

    on_progress: Callable[[ProgressRecord], None] | None = None
    on_incumbent: Callable[[Plan], None] | None = None
    is_interrupted: Callable[[], bool] = never
    on_warm_start: Callable[[bytes], None] | None = None


NOBODY = Listener()


def solve(  # noqa: PLR0913 - each is a choice of who asks
    instance: Instance,
    *,
    on_progress: Callable[[ProgressRecord], None] | None = None,
    on_incumbent: Callable[[Plan], None] | None = None,
    is_interrupted: Callable[[], bool] = never,
    executors: Sequence[Executor] | None = None,
    warm_start: bytes | None = None,
    on_warm_start: Callable[[bytes], None] | None = None,
    clock: Clock = time.monotonic,
) -> Outcome:
    """Return a checked plan, or the reason why there is none.

    Options are those of the instance. on_progress gets each record, on_incumbent each
    better plan, already checked; is_interrupted is asked now and then, and ends the
    solve with the best plan so far. Without executors a large case is worked on in
    processes of this machine. A decomposition begins from a warm start, as far as it is
    valid, and hands on its own. Raises PlanRejectedError if the plan does not keep its
    promise: then there is a fault in the program, never an answer.
    """
    listener = Listener(on_progress, on_incumbent, is_interrupted, on_warm_start)
    start = clock()
    scenarios = planning_scenarios(instance)
    with ExitStack() as stack:
        run = _Solve(
            instance,
            scenarios,
            listener,
            executors,
            clock,
            start,
            stack,
            warm_start=warm_start,
        )
        outcome = run.run()
        run.hand_on()
        for _ in range(instance.options.menu_refinements):
            finer = None if outcome.plan is None else refined(instance, outcome.plan)
            if finer is None or run.is_over():
                break
            instance = finer
            outcome = run.again(finer, outcome)
    return outcome


def solve_from(
    instance: Instance,
    base: SolveSession,
    listener: Listener,
    clock: Clock,
    like: Instance | None = None,
) -> Outcome:
    """Solve by decomposition from what a base knows, with onsets as in another case.

    The menu is not refined: that is for who asks for one plan.
    """
    start = clock()
    scenarios = planning_scenarios(instance, like)
    with ExitStack() as stack:
        return _Solve(
            instance, scenarios, listener, None, clock, start, stack, base
        ).run()


def planning_scenarios(instance: Instance, like: Instance | None = None) -> ScenarioSet:
    """Return the scenarios that the options ask for, with onsets as in another case."""
    return sample(
        instance,
        number_of_scenarios=instance.options.number_of_scenarios,
        generator=np.random.default_rng(instance.options.seed),
        like=like,
    )


def solve_on(instance: Instance, scenarios: ScenarioSet) -> Outcome:
    """Solve on given scenarios."""
    clock = time.monotonic
    with ExitStack() as stack:
        return _Solve(instance, scenarios, NOBODY, None, clock, clock(), stack).run()


def _objective(outcome: Outcome) -> float:
    return np.inf if outcome.plan is None else outcome.plan.promise.objective_usd


def where_to_work(size: int) -> str:
    """Return the executors for a number of responses: processes take time to start."""
    return "local" if size > FEWEST_RESPONSES_FOR_PROCESSES else "here"


def number_of_responses(problem: Problem) -> int:
    """Return how many numbers describe what all candidates do against the gaps."""
    recourse = problem.recourse
    short = np.bincount(recourse.short_m, minlength=len(problem.instance.materials))
    return sum(
        len(menu.candidates) * int(short[holding.m])
        for holding, menu in zip(problem.holdings, problem.menus, strict=True)
    )


@dataclass(slots=True)
class _Solve:
    """One solve with its log; what it opens is closed with the stack."""

    instance: Instance
    scenarios: ScenarioSet
    listener: Listener
    executors: Sequence[Executor] | None
    clock: Clock
    start: float
    stack: ExitStack
    base: SolveSession | None = None
    warm_start: bytes | None = None
    records: list[ProgressRecord] = field(default_factory=list[ProgressRecord])
    _told_usd: float = np.inf
    _checked_point: tuple[Point, Plan] | None = None
    _costs_without_vault: dict[Key, float] = field(default_factory=dict[Key, float])

    def run(self) -> Outcome:
        """Solve and check."""
        number = self.scenarios.number_of_scenarios
        self._tell("scenarios", message=f"{number} scenarios")
        problem = outline(self.instance, self.scenarios)
        size = number_of_responses(problem)
        method = self._method(size)
        candidates = sum(len(menu.candidates) for menu in problem.menus)
        words = method.value.replace("_", " ")
        self._tell("method", message=f"{words}, {candidates} candidates")
        is_whole = method is Method.EXTENSIVE_FORM
        # The whole leaves out candidates that do the same, so its points are of that
        # menu; parts find their own blocks: here they would only take memory.
        problem = with_responses(problem) if is_whole else without_blocks(problem)
        watch = Watch(self._report, self._on_incumbent(problem, words), self._left)
        if is_whole:
            found = solve_extensive_form(problem, watch)
        else:
            found = self._decompose(problem, size, watch)
        plan = None
        # A plan that was known before says nothing as long as nothing is proved.
        if found.incumbent is not None and np.isfinite(found.lower_bound_usd):
            bound = Bound(found.lower_bound_usd, found.budget_shadow_price, words)
            self._make_room()
            plan = self._checked(problem, found.incumbent, bound)
        upper = np.inf if plan is None else plan.promise.objective_usd
        self._report("checked" if plan else "no plan", found.lower_bound_usd, upper)
        return Outcome(
            termination=self._termination(found),
            plan=plan,
            conflict=found.conflict,
            seconds=self._seconds(),
            log=tuple(self.records),
        )

    def again(self, finer: Instance, before: Outcome) -> Outcome:
        """Solve with a finer menu, from what is known; return the better plan's."""
        self.instance = finer
        levels = sum(map(len, finer.options.added_levels_days_of_cover.values()))
        self._tell("refinement", message=f"{levels} levels added")
        outcome = self.run()
        if _objective(outcome) <= _objective(before):
            return outcome
        return before.model_copy(
            update={"seconds": outcome.seconds, "log": outcome.log}
        )

    def hand_on(self) -> None:
        """Tell who wants to know what was learned, if there was a decomposition."""
        if self.base is None or self.listener.on_warm_start is None:
            return
        known = self.base.warm_start()
        if known is not None:
            self.listener.on_warm_start(to_bytes(known))

    def is_over(self) -> bool:
        """Say whether time is up, or who asked has had enough."""
        return self._left() <= 0

    def _method(self, size: int) -> Method:
        chosen = self.instance.options.method
        if chosen is not Method.AUTOMATIC:
            return chosen
        if self.base is not None:
            return Method.DECOMPOSITION
        is_large = size > MOST_RESPONSES_AT_ONCE
        return Method.DECOMPOSITION if is_large else Method.EXTENSIVE_FORM

    def _decompose(self, problem: Problem, size: int, watch: Watch) -> Found:
        if self.base is None:
            executors = self.executors
            if executors is None:
                where = where_to_work(size)
                executors = self.stack.enter_context(open_executors(where))
            self.base = SolveSession(executors, self._known())
            self.stack.callback(self.base.close)
        return solve_by_decomposition(problem, self.base, watch)

    def _make_room(self) -> None:
        """End what was started for this solve, if nobody goes on from it.

        Workers of a large case have gigabytes, and its check needs as many.
        """
        is_last = not self.instance.options.menu_refinements
        if is_last and self.listener.on_warm_start is None:
            self.stack.close()

    def _known(self) -> WarmStart | None:
        """Return what it is to begin with; nothing of what another version wrote."""
        try:
            return None if self.warm_start is None else from_bytes(self.warm_start)
        except UnreadableWarmStartError:
            return None

    def _on_incumbent(
        self, problem: Problem, method: str
    ) -> Callable[[Point, float], None]:
        """Return who makes a checked plan of each better point, if anybody asks."""
        tell = self.listener.on_incumbent

        def check(point: Point, lower_bound: float) -> None:
            if tell is not None:
                plan = self._checked(problem, point, Bound(lower_bound, None, method))
                if plan.promise.objective_usd < self._told_usd:
                    self._told_usd = plan.promise.objective_usd
                    tell(plan)

        return check

    def _checked(self, problem: Problem, point: Point, bound: Bound) -> Plan:
        """Return the plan of a point; one that is checked gets the bound alone."""
        if self._checked_point is not None and self._checked_point[0] is point:
            return with_bound(self._checked_point[1], bound)
        costs = self._costs_without_vault
        if self.base is not None:
            costs = self.base.costs_without_vault
        key = cut_key(self.instance), scenario_key(self.scenarios)
        plan = checked_plan(problem, point, bound, costs.get(key))
        costs[key] = plan.promise.cost_without_vault_usd
        self._checked_point = point, plan
        return plan

    def _termination(self, found: Found) -> Termination:
        is_cut_short = found.termination is Termination.TIME_LIMIT
        if is_cut_short and self.listener.is_interrupted():
            return Termination.INTERRUPTED
        return found.termination

    def _seconds(self) -> float:
        return self.clock() - self.start

    def _left(self) -> float:
        """Return the seconds left, 0 for who is interrupted."""
        if self.listener.is_interrupted():
            return 0.0
        return self.instance.options.time_limit_s - self._seconds()

    def _report(
        self, stage: str, lower: float, upper: float, cuts: int | None = None
    ) -> None:
        """Record bounds in US dollars; an infinite one is not known yet."""
        is_known = np.isfinite(lower) and np.isfinite(upper)
        record = ProgressRecord(
            seconds=self._seconds(),
            stage=stage,
            lower_bound_usd=lower if np.isfinite(lower) else None,
            upper_bound_usd=upper if np.isfinite(upper) else None,
            gap=gap_of(upper, lower) if is_known else None,
            cuts=cuts,
        )
        self._add(record)

    def _tell(self, stage: str, message: str) -> None:
        """Record a step without bounds."""
        record = ProgressRecord(seconds=self._seconds(), stage=stage, message=message)
        self._add(record)

    def _add(self, record: ProgressRecord) -> None:
        self.records.append(record)
        if self.listener.on_progress is not None:
            self.listener.on_progress(record)
