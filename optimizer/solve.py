"""From a case to an outcome: sample, solve, replay, check. The one entry point."""

import time
from collections.abc import Callable
from dataclasses import dataclass, field

import numpy as np

from models.instance import Instance
from models.outcome import Outcome, ProgressRecord
from models.plan import Plan
from optimizer.evaluation.replay import Replay, nothing_held, replay
from optimizer.evaluation.statistics import mean
from optimizer.extensive_form.solve import solve_extensive_form
from optimizer.first_stage.found import Found
from optimizer.feasibility import Quantities, check
from optimizer.first_stage.cheapest_financing import cheapest_draws
from optimizer.gap import gap_of
from optimizer.plan_document import Proof, decide, write_plan
from optimizer.problem import Problem, assemble
from optimizer.scenarios import sample
from optimizer.scenarios.scenario_set import ScenarioSet

Clock = Callable[[], float]
OnProgress = Callable[[ProgressRecord], None]
PROMISE_TOLERANCE = 1e-6
SOLVER_TOLERANCE = 1e-6  # of HiGHS for a mixed-integer point, relative
SOLVER_TOLERANCE_USD = 1.0  # the same in the model's unit, a million dollars
METHOD = "extensive form"


class PlanRejectedError(RuntimeError):
    """The independent replay or check does not accept the plan; it is not shown."""


def solve(
    instance: Instance,
    *,
    on_progress: OnProgress | None = None,
    clock: Clock = time.monotonic,
) -> Outcome:
    """Return a checked plan, or the reason why there is none.

    Options are those of the instance. Raises PlanRejectedError if the plan does not
    keep its promise: then there is a fault in the program, never an answer.
    """
    log = _Log(clock, on_progress)
    generator = np.random.default_rng(instance.options.seed)
    scenarios = sample(
        instance,
        number_of_scenarios=instance.options.number_of_scenarios,
        generator=generator,
    )
    return solve_on(instance, scenarios, log)


def solve_on(
    instance: Instance, scenarios: ScenarioSet, log: "_Log | None" = None
) -> Outcome:
    """Solve on given scenarios."""
    log = log or _Log(time.monotonic, None)
    log.tell("scenarios", message=f"{scenarios.number_of_scenarios} scenarios")
    problem = assemble(instance, scenarios)
    number = sum(len(menu.candidates) for menu in problem.menus)
    log.tell("responses", message=f"{number} candidates simulated")
    limit = instance.options.time_limit_s
    found = solve_extensive_form(problem, log.report, lambda: limit - log.seconds())
    plan = None if found.incumbent is None else _checked_plan(problem, found)
    upper = np.inf if plan is None else plan.promise.objective_usd
    log.report("checked" if plan else "no plan", found.lower_bound_usd, upper)
    return Outcome(
        termination=found.termination,
        plan=plan,
        conflict=found.conflict,
        seconds=log.seconds(),
        log=tuple(log.records),
    )


def _checked_plan(problem: Problem, found: Found) -> Plan:
    """Replay the incumbent by its printed rules and check every limit."""
    instance, scenarios, point = problem.instance, problem.scenarios, found.incumbent
    if point is None:
        msg = "there is no incumbent, expected one"
        raise ValueError(msg)
    decisions = decide(problem, point, cheapest_draws(problem, point))
    happened = replay(instance, scenarios, decisions)
    without = replay(instance, scenarios, nothing_held(instance))
    proof = Proof(
        expected_cost_usd=point.expected_cost_usd,
        objective_usd=point.objective_usd,
        lower_bound_usd=_proven(found.lower_bound_usd, point.objective_usd),
        cost_without_vault_usd=mean(without.scenario_costs(), scenarios.probability),
        budget_shadow_price=found.budget_shadow_price,
        method=METHOD,
    )
    plan = write_plan(instance, scenarios, decisions, happened, proof)
    _accept(instance, scenarios, plan, happened)
    return plan


def _proven(lower: float, objective: float) -> float:
    """Return the bound, at most the objective; one that crosses it is a fault."""
    tolerance = SOLVER_TOLERANCE * abs(objective) + SOLVER_TOLERANCE_USD
    if not lower <= objective + tolerance:
        msg = f"lower bound is {lower:.6f}, expected at most {objective:.6f}"
        raise PlanRejectedError(msg)
    return min(lower, objective)


def _accept(
    instance: Instance, scenarios: ScenarioSet, plan: Plan, happened: Replay
) -> None:
    """Raise PlanRejectedError unless promise and replay agree and all limits hold."""
    promise = plan.promise
    promised = promise.expected_shortage_cost_usd
    simulated = promise.simulated_shortage_cost_usd
    scale = max(abs(promise.cost_without_vault_usd) * PROMISE_TOLERANCE, abs(promised))
    if abs(promised - simulated) > PROMISE_TOLERANCE * scale:
        msg = f"promise is {promised:.6f}, expected the simulated {simulated:.6f}"
        raise PlanRejectedError(msg)
    quantities = Quantities(
        allocated=happened.allocation.allocated,
        emergency=happened.allocation.emergency,
        shortage=happened.allocation.shortage,
    )
    violations = check(instance, scenarios, plan, quantities)
    if violations:
        raise PlanRejectedError("\n".join(str(violation) for violation in violations))


@dataclass(slots=True)
class _Log:
    """Progress records of a solve, in order of time."""

    clock: Clock
    on_progress: OnProgress | None
    records: list[ProgressRecord] = field(default_factory=list[ProgressRecord])
    start: float = 0.0

    def __post_init__(self) -> None:
        self.start = self.clock()

    def seconds(self) -> float:
        """Return the time since the start."""
        return self.clock() - self.start

    def report(
        self, stage: str, lower: float, upper: float, cuts: int | None = None
    ) -> None:
        """Record bounds in US dollars; an infinite one is not known yet."""
        is_known = np.isfinite(lower) and np.isfinite(upper)
        record = ProgressRecord(
            seconds=self.seconds(),
            stage=stage,
            lower_bound_usd=lower if np.isfinite(lower) else None,
            upper_bound_usd=upper if np.isfinite(upper) else None,
            gap=gap_of(upper, lower) if is_known else None,
            cuts=cuts,
        )
        self._add(record)

    def tell(self, stage: str, message: str) -> None:
        """Record a step without bounds."""
        self._add(ProgressRecord(seconds=self.seconds(), stage=stage, message=message))

    def _add(self, record: ProgressRecord) -> None:
        self.records.append(record)
        if self.on_progress is not None:
            self.on_progress(record)
