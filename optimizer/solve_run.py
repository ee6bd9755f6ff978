"""The solves of one case and its refinements, with one log and one clock.

The least plan comes first, then a method; whatever ends the method, the best plan that
the check accepts is the answer.
"""

import time
from collections.abc import Callable
from dataclasses import dataclass, replace

import numpy as np

from models.allowed_levels import are_drawn_down
from models.instance import Instance
from models.options import Method
from models.outcome import Outcome, Termination
from models.plan import Plan
from optimizer.checked_plan import Bound, PlanRejectedError, checked_plan, with_bound
from optimizer.deadline import Clock, Deadline, OutOfTimeError, enforced
from optimizer.decomposition.cut_keys import cut_key, scenario_key
from optimizer.decomposition.session import SolveSession
from optimizer.decomposition.solve import solve_by_decomposition
from optimizer.decomposition.warm_start import Key
from optimizer.extensive_form import solve_whole_menus
from optimizer.few_scenarios import is_short, plan_from_few
from optimizer.fewer_lots import plan_of_fewer_lots
from optimizer.first_stage.cheapest_financing import FinancingError
from optimizer.first_stage.conflict import unbuyable_covers
from optimizer.first_stage.incumbent import (
    NO_COST,
    OPTIMALITY_TOLERANCE,
    OnBetter,
    SolveResult,
    infeasible,
    unsolved,
)
from optimizer.gap import gap_of
from optimizer.highs import Status
from optimizer.least_plan import least_objective_usd, least_plan
from optimizer.limit_margin import LOOSER, MARGIN
from optimizer.method_choice import faster_method, number_of_responses, where_to_work
from optimizer.point import Point
from optimizer.problem import FirstStageProblem, first_stage_problem, recourse_of
from optimizer.progress import ProgressLog, SolveCallbacks
from optimizer.recourse.blocks import Recourse
from optimizer.scenarios.scenario_set import ScenarioSet
from optimizer.solve_deadlines import SolveDeadlines


@dataclass(frozen=True, slots=True)
class Solved:
    """An outcome and the problem that it is of; None if time was up before."""

    outcome: Outcome
    problem: FirstStageProblem | None


class SolveRun:
    """The solves of one case and its refinements."""

    def __init__(
        self,
        session: SolveSession,
        callbacks: SolveCallbacks,
        log: ProgressLog,
        clock: Clock = time.monotonic,
        automatic: Method | None = None,
    ) -> None:
        self._session = session
        self._callbacks = callbacks
        self._log = log
        self._clock = clock
        self.automatic = automatic
        self._method = Method.DECOMPOSITION
        self._reported_usd = np.inf
        self._checked: tuple[Point, Plan] | None = None
        self._known: Plan | None = None
        self._recourse: Recourse | None = None

    def deadlines(self, instance: Instance) -> SolveDeadlines:
        """Return the deadlines of a case, counted from the start of the log."""
        seconds = instance.options.time_limit_s
        ends_at = self._log.start + seconds
        limit = Deadline(ends_at, self._clock, self._callbacks.is_interrupted)
        return SolveDeadlines(limit, seconds)

    def solve(
        self,
        instance: Instance,
        scenarios: Callable[[], ScenarioSet],
        *,
        is_last: bool = False,
    ) -> Solved:
        """Solve and check; with is_last the session is closed before the check.

        A case whose limits allow the least plan ends with it, or with a better one,
        unless time is up before that is checked.
        """
        deadlines = self.deadlines(instance)
        self._checked = self._known = None
        try:
            with enforced(deadlines.first_plan()):
                problem = self._outlined(instance, scenarios)
                unbuyable = unbuyable_covers(problem)
                began = self._log.seconds()
                self._choose(problem)
                least = None if unbuyable else self._least(problem)
        except OutOfTimeError:
            return Solved(self._outcome(unsolved(Status.LIMIT), None, 0.0), None)
        deadlines = replace(deadlines, check_s=self._log.seconds() - began)
        result = (
            infeasible(unbuyable) if unbuyable else self._run(problem, deadlines, least)
        )
        is_infeasible = result.termination is Termination.INFEASIBLE and least is None
        if is_infeasible and are_drawn_down(instance):
            problem = replace(problem, eases_levels=True)
            least, result = self._eased(problem, deadlines)
        if is_last:
            # Workers of a large case hold gigabytes, and its check needs as many.
            self._session.close()
        with enforced(deadlines.check()):
            result, plan = self._better(problem, deadlines, result, least)
        return Solved(self._outcome(result, plan, instance.options.gap), problem)

    def _outlined(
        self, instance: Instance, scenarios: Callable[[], ScenarioSet]
    ) -> FirstStageProblem:
        sampled = scenarios()
        self._log.step("scenarios", f"{sampled.number_of_scenarios} scenarios")
        return first_stage_problem(instance, sampled)

    def _choose(self, problem: FirstStageProblem) -> None:
        """Choose the method and where to work, by the size of the recourse."""
        self._recourse = recourse_of(problem)
        size = number_of_responses(problem, self._recourse)
        method = problem.instance.options.method
        if method is Method.AUTOMATIC:
            method = self.automatic or faster_method(size)
        self._method = method
        candidates = sum(len(menu.candidates) for menu in problem.menus)
        self._log.step("method", f"{method.name_in_words}, {candidates} candidates")
        self._session.open_by_name(where_to_work(size))

    def _least(self, problem: FirstStageProblem) -> Plan | None:
        """Return the least plan; the cost of the world without vault is kept."""
        costs, key = self._session.costs_without_vault, _cost_key(problem)
        recourse = self._recourse or recourse_of(problem)
        name = self._method.name_in_words
        plan = least_plan(problem, recourse, name, costs.get(key))
        if plan is not None:
            costs[key] = plan.promise.cost_without_vault_usd
        return plan

    def _eased(
        self, problem: FirstStageProblem, deadlines: SolveDeadlines
    ) -> tuple[Plan | None, SolveResult]:
        """Return what `_least` and `_run` do where least levels are eased."""
        self._log.step("levels", "eased: what has been drawn cannot be bought back")
        try:
            with enforced(deadlines.set_up()):
                unbuyable = unbuyable_covers(problem)
                least = None if unbuyable else self._least(problem)
        except OutOfTimeError:
            return None, unsolved(Status.LIMIT)
        if unbuyable:
            return None, infeasible(unbuyable)
        return least, self._run(problem, deadlines, least)

    def _run(
        self, problem: FirstStageProblem, deadlines: SolveDeadlines, least: Plan | None
    ) -> SolveResult:
        """Return what a method finds in the time that the checks leave."""
        try:
            with enforced(deadlines.set_up()):
                if least is not None:
                    self._try_few(problem, deadlines, least)
                on_better = self._on_better(problem, deadlines)
                result = self._solved(problem, deadlines, on_better)
                if result.termination is Termination.INFEASIBLE and least is not None:
                    # Not so: a limit is missed by less than the check accepts.
                    looser = replace(problem, margin=LOOSER)
                    result = self._solved(looser, deadlines, on_better)
                return result
        except OutOfTimeError:
            return unsolved(Status.LIMIT)
        finally:
            self._recourse = None

    def _try_few(
        self, problem: FirstStageProblem, deadlines: SolveDeadlines, least: Plan
    ) -> None:
        """Keep a plan from few scenarios, if time is short for all."""
        seconds = deadlines.set_up().seconds_left()
        if not is_short(problem, seconds, deadlines.check_s):
            return
        self._log.step("few scenarios", f"{seconds:.1f} s are short for all")
        without = least.promise.cost_without_vault_usd
        recourse = self._recourse or recourse_of(problem)
        name = self._method.name_in_words
        plan = plan_from_few(problem, recourse, deadlines, name, without)
        if plan is not None:
            self._known = _cheapest(self._known, plan)
            self._log.bounds("checked", plan.promise.lower_bound_usd, _cost(plan))
            self._report(plan)

    def _solved(
        self,
        problem: FirstStageProblem,
        deadlines: SolveDeadlines,
        on_better: OnBetter | None,
    ) -> SolveResult:
        recourse = self._recourse or recourse_of(problem)
        deadline = deadlines.search()
        if self._method is Method.EXTENSIVE_FORM:
            return solve_whole_menus(problem, recourse, deadline, self._log, on_better)
        self._recourse = None  # a large one takes memory that the blocks need
        del recourse
        return solve_by_decomposition(
            problem, self._session, deadline, self._log, on_better
        )

    def _on_better(
        self, problem: FirstStageProblem, deadlines: SolveDeadlines
    ) -> OnBetter | None:
        """Return the function that reports each better point as a checked plan."""
        if self._callbacks.on_incumbent is None:
            return None

        def check(point: Point, lower_bound_usd: float) -> None:
            bound = Bound(lower_bound_usd, None, self._method.name_in_words)
            try:
                with enforced(deadlines.check()):
                    plan = self._plan(problem, point, bound)
            except (FinancingError, PlanRejectedError, OutOfTimeError):
                return  # the next point may be a plan
            self._report(plan)

        return check

    def _report(self, plan: Plan) -> None:
        """Report a plan that is better than those before."""
        report: Callable[[Plan], None] | None = self._callbacks.on_incumbent
        if report is not None and _cost(plan) < self._reported_usd:
            self._reported_usd = _cost(plan)
            report(plan)

    def _better(
        self,
        problem: FirstStageProblem,
        deadlines: SolveDeadlines,
        result: SolveResult,
        least: Plan | None,
    ) -> tuple[SolveResult, Plan | None]:
        """Return the plan of the incumbent, or another if that costs no more.

        Raises PlanRejectedError if the incumbent is refused and there is no other.
        """
        name, price = self._method.name_in_words, result.budget_shadow_price
        bound = Bound(result.lower_bound_usd, price, name)
        known = _cheapest(least, self._known)
        plan, refusal = None, None
        # One of an earlier solve cannot be reported until a lower bound is known.
        if result.incumbent is not None and result.is_proved:
            try:
                plan = self._plan(problem, result.incumbent, bound)
            except OutOfTimeError:
                result = replace(result, termination=Termination.TIME_LIMIT)
            except (FinancingError, PlanRejectedError) as error:
                # Said in any case: a plan that breaks its promise is a fault.
                self._log.step("refused", str(error).partition("\n")[0])
                refusal = error
        is_lost = result.termination is Termination.NUMERICAL
        if refusal is not None or (plan is None and is_lost):
            result, other = self._in_place_of(problem, deadlines, result, refusal)
            known = _cheapest(known, other)
        best = _preferred(plan, known, result)
        if best is None or best is plan:
            return result, best
        least_usd = least_objective_usd(problem.instance.options)
        lower = max(bound.lower_bound_usd, least_usd)
        try:
            return result, with_bound(best, replace(bound, lower_bound_usd=lower))
        except PlanRejectedError:
            return result, best  # no proof: that of a false conflict or program

    def _in_place_of(
        self,
        problem: FirstStageProblem,
        deadlines: SolveDeadlines,
        result: SolveResult,
        refusal: FinancingError | PlanRejectedError | None,
    ) -> tuple[SolveResult, Plan | None]:
        """Return a plan for one that keeps limits within tolerances only.

        Without a plan the result is that of tighter limits, if these are in conflict.
        Raises the refusal if it is for something else.
        """
        again, plan = self._again(problem, deadlines)
        if plan is None and result.incumbent is not None:
            plan = self._fewer(problem, result.incumbent)
        if plan is not None:
            return result, plan
        if again.termination is Termination.INFEASIBLE:
            return again, None
        if isinstance(refusal, PlanRejectedError):
            raise refusal
        return replace(result, termination=Termination.NUMERICAL), None

    def _again(
        self, problem: FirstStageProblem, deadlines: SolveDeadlines
    ) -> tuple[SolveResult, Plan | None]:
        """Solve with limits so tight that the check accepts what keeps them.

        Its lower bound is that of the least plan: these limits let in less than those
        of the case.
        """
        tighter = replace(problem, margin=MARGIN)
        try:
            with enforced(deadlines.set_up()):
                result = self._solved(tighter, deadlines, None)
            if result.incumbent is None:
                return result, None
            least_usd = least_objective_usd(problem.instance.options)
            bound = Bound(least_usd, None, self._method.name_in_words)
            return result, self._plan(tighter, result.incumbent, bound)
        except OutOfTimeError:
            return unsolved(Status.LIMIT), None
        except (FinancingError, PlanRejectedError):
            return unsolved(Status.FAILED), None

    def _fewer(self, problem: FirstStageProblem, point: Point) -> Plan | None:
        """Return the best plan of a lot less than a point that was refused."""
        recourse = self._recourse or recourse_of(problem)
        name = self._method.name_in_words
        return plan_of_fewer_lots(problem, recourse, point, name)

    def _plan(self, problem: FirstStageProblem, point: Point, bound: Bound) -> Plan:
        """Return the checked plan of a point; one checked before gets the bound."""
        if self._checked is not None and self._checked[0] is point:
            return with_bound(self._checked[1], bound)
        costs, key = self._session.costs_without_vault, _cost_key(problem)
        plan = checked_plan(problem, point, bound, costs.get(key))
        costs[key] = plan.promise.cost_without_vault_usd
        self._checked = point, plan
        self._known = _cheapest(self._known, plan)
        return plan

    def _outcome(
        self, result: SolveResult, plan: Plan | None, asked_gap: float
    ) -> Outcome:
        if plan is None:
            self._log.bounds("no plan", result.lower_bound_usd, np.inf)
        else:
            self._log.bounds("checked", plan.promise.lower_bound_usd, _cost(plan))
        return Outcome(
            termination=self._termination(result, plan, asked_gap),
            plan=plan,
            conflict=result.conflict if plan is None else (),
            seconds=self._log.seconds(),
            log=tuple(self._log.records),
        )

    def _termination(
        self, result: SolveResult, plan: Plan | None, asked_gap: float
    ) -> Termination:
        is_cut_short = result.termination is Termination.TIME_LIMIT
        if is_cut_short and self._callbacks.was_interrupted():
            return Termination.INTERRUPTED
        return result.termination if plan is None else _proved(result, plan, asked_gap)


def _cheapest(plan: Plan | None, other: Plan | None) -> Plan | None:
    """Return the plan that costs less, the first if both cost the same."""
    if plan is None or other is None:
        return plan or other
    return plan if _cost(plan) <= _cost(other) else other


def _preferred(
    plan: Plan | None, other: Plan | None, result: SolveResult
) -> Plan | None:
    """Return the plan that costs less, or less to hold if the gap ties both."""
    if plan is None or other is None:
        return plan or other
    bound = result.lower_bound_usd
    nothing = NO_COST * plan.promise.cost_without_vault_usd
    gap = max(gap_of(_cost(x), bound, nothing) for x in (plan, other))
    if not 0 < result.tied_gap >= gap:
        return _cheapest(plan, other)
    held, others = (x.promise.cost_of_holding_usd or 0.0 for x in (plan, other))
    return plan if held <= others else other


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
