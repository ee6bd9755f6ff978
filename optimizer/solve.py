"""The way from a case to a checked plan.

case -> scenarios -> first stage -> least plan -> relaxation -> incumbent -> plan ->
check
"""

import time
from collections.abc import Sequence
from concurrent.futures import Executor
from dataclasses import replace

import numpy as np

from models.instance import Instance
from models.options import Method
from models.outcome import Outcome
from models.plan_warnings import plan_warnings
from optimizer.cores import on_one_thread
from optimizer.deadline import Clock, Deadline, OutOfTimeError, enforced
from optimizer.decomposition.session import SolveSession
from optimizer.decomposition.warm_start import UnreadableWarmStartError, WarmStart
from optimizer.evaluation.fresh_cost import fresh_cost
from optimizer.first_stage.given import exceeded_by_rights
from optimizer.method_choice import number_of_responses, where_to_work
from optimizer.problem import first_stage_problem, recourse_of
from optimizer.progress import NO_CALLBACKS, ProgressLog, SolveCallbacks
from optimizer.recourse.allocation import AllocationError
from optimizer.refinement import refined
from optimizer.scenarios import sample
from optimizer.scenarios.scenario_set import ScenarioSet
from optimizer.solve_run import Solved, SolveRun

UNTIL_KNOWN = "here"  # executors, until the size of the case decides


@on_one_thread
def solve(
    instance: Instance,
    *,
    scenarios: ScenarioSet | None = None,
    callbacks: SolveCallbacks = NO_CALLBACKS,
    executors: Sequence[Executor] | None = None,
    warm_start: bytes | None = None,
    clock: Clock = time.monotonic,
) -> Outcome:
    """Return a checked plan, or the reason why there is none.

    Options are those of the instance, and so are scenarios unless some are given.
    Without executors a large case is decomposed over
    processes of this machine. warm_start is what on_warm_start of another solve has
    reported; it is used if it is readable and valid. Raises PlanRejectedError if
    the plan does not keep its promise and there is no other: then there is a fault in
    the program.
    """
    log = ProgressLog(callbacks, clock)
    with SolveSession(executors or UNTIL_KNOWN, _readable(warm_start)) as session:
        solver = SolveRun(session, callbacks, log, clock)
        refinements = instance.options.menu_refinements
        is_last = not refinements and callbacks.on_warm_start is None
        solved = solver.solve(
            instance,
            lambda: scenarios or planning_scenarios(instance),
            is_last=is_last,
        )
        outcome, problem = solved.outcome, solved.problem
        _report_warm_start(session, callbacks)
        for _ in range(refinements):
            plan = outcome.plan
            if problem is None or plan is None:
                break
            finer = refined(problem.instance, plan)
            if finer is None or solver.deadlines(finer).search().is_over:
                break
            solver.automatic = Method.DECOMPOSITION if session.has_blocks else None
            solved = _refined(solver, finer, problem.scenarios, log)
            outcome = _better(outcome, solved.outcome)
            problem = solved.problem
    limit = solver.deadlines(instance).limit
    outcome = _with_fresh_cost(instance, outcome, limit, log)
    return _with_warnings(instance, replace(solved, outcome=outcome))


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
    solver = SolveRun(session, callbacks, log, clock, Method.DECOMPOSITION)
    solved = solver.solve(instance, lambda: planning_scenarios(instance, like))
    return _with_warnings(instance, solved)


@on_one_thread
def solve_on(instance: Instance, scenarios: ScenarioSet) -> Outcome:
    """Solve on given scenarios."""
    with SolveSession(UNTIL_KNOWN) as session:
        solver = SolveRun(session, NO_CALLBACKS, ProgressLog())
        solved = solver.solve(instance, lambda: scenarios)
    return _with_warnings(instance, solved)


def planning_scenarios(instance: Instance, like: Instance | None = None) -> ScenarioSet:
    """Return the scenarios that the options ask for, with onsets as in another case."""
    return sample(
        instance,
        number_of_scenarios=instance.options.number_of_scenarios,
        generator=np.random.default_rng(instance.options.seed),
        like=like,
    )


def executors_for(instance: Instance, scenarios: ScenarioSet | None = None) -> str:
    """Return where to work on the planning scenarios of a case, by its size."""
    problem = first_stage_problem(instance, scenarios or planning_scenarios(instance))
    return where_to_work(number_of_responses(problem, recourse_of(problem)))


def _refined(
    solver: SolveRun, finer: Instance, scenarios: ScenarioSet, log: ProgressLog
) -> Solved:
    levels = sum(map(len, finer.options.added_levels_days_of_cover.values()))
    log.step("refinement", f"{levels} levels added")
    return solver.solve(finer, lambda: scenarios)


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
        with enforced(deadline):
            fresh = fresh_cost(instance, outcome.plan, deadline=deadline)
    except (AllocationError, OutOfTimeError):
        # The plan is good on its own scenarios, and stays so without this figure.
        return outcome
    plan = outcome.plan.model_copy(update={"fresh": fresh}).sealed()
    return outcome.model_copy(update={"plan": plan, "seconds": log.seconds()})


def _with_warnings(instance: Instance, solved: Solved) -> Outcome:
    outcome, problem = solved.outcome, solved.problem
    if outcome.plan is None:
        return outcome
    given = () if problem is None else exceeded_by_rights(problem)
    warnings = (*plan_warnings(instance, outcome.plan), *given)
    return outcome.model_copy(update={"warnings": warnings})


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
