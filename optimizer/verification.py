"""A plan checked again: scenarios sampled, rules replayed, each limit recomputed.

Nothing is taken from the solve. The lower bound is not proved again: only another solve
could. What cannot be recomputed is under the seal of the plan.
"""

from collections.abc import Iterator, Mapping

from models.benefit import Benefit
from models.fresh_cost import FreshCost
from models.instance import Instance
from models.options import SolveOptions
from models.plan import Plan
from models.verification import CheckResult, RecomputedFigure, Verification
from optimizer.cores import on_one_thread
from optimizer.evaluation.decisions import decisions_of, nothing_held
from optimizer.evaluation.followed_scenarios import scenarios_of_plan
from optimizer.evaluation.fresh_cost import fresh_cost
from optimizer.evaluation.objective import objective_of_replay
from optimizer.evaluation.replay import PlanReplay, replay
from optimizer.evaluation.statistics import cvar, mean
from optimizer.feasibility import STATEMENTS, Quantities, Violation, check_by_part
from optimizer.feasibility.tolerances import NO_COST, PROMISE
from optimizer.plan_document import versions
from optimizer.scenarios.scenario_set import ScenarioSet

NOT_DONE = "not checked: a plan whose form is wrong cannot be followed"


@on_one_thread
def verify(
    instance: Instance, plan: Plan, given: ScenarioSet | None = None
) -> Verification:
    """Return the results of checking a plan again, from its provenance alone.

    Options, so scenarios too, are those of the plan; all else is the case's. given are
    the scenarios of a file, for a plan that was made for such. Raises
    pydantic.ValidationError if the options of the plan are none, and PlanMismatchError
    if the plan names what the case does not have, or was made for other scenarios.
    """
    options = SolveOptions.model_validate(plan.provenance.options)
    instance = instance.model_copy(update={"options": options})
    scenarios = scenarios_of_plan(instance, plan, given)
    happened = replay(instance, scenarios, decisions_of(instance, plan))
    allocation = happened.allocation
    quantities = Quantities(
        allocation.allocated, allocation.emergency, allocation.shortage
    )
    return Verification(
        instance_hash=instance.content_hash,
        plan_hash=plan.content_hash,
        scenarios=scenarios.number_of_scenarios,
        seed=options.seed,
        scenarios_hash=scenarios.file_hash or None,
        figures=tuple(_figures(instance, scenarios, plan, happened)),
        checks=(
            _seal(plan),
            *_results(check_by_part(instance, scenarios, plan, quantities)),
        ),
        versions=versions(),
    )


def _figures(
    instance: Instance, scenarios: ScenarioSet, plan: Plan, happened: PlanReplay
) -> Iterator[RecomputedFigure]:
    """Yield the costs that the plan promises beside those of the replay."""
    promise, options = plan.promise, instance.options
    costs, probability = happened.scenario_costs(), scenarios.probability
    expected = mean(costs, probability)
    tail = cvar(costs, probability, options.cvar_level)
    without = replay(instance, scenarios, nothing_held(instance)).scenario_costs()
    objective = objective_of_replay(instance, happened, probability)
    for name, promised, recomputed in (
        ("expected_shortage_cost_usd", promise.expected_shortage_cost_usd, expected),
        ("simulated_shortage_cost_usd", promise.simulated_shortage_cost_usd, expected),
        ("cvar_usd", promise.cvar_usd, tail),
        ("objective_usd", promise.objective_usd, objective),
        (
            "cost_without_vault_usd",
            promise.cost_without_vault_usd,
            mean(without, probability),
        ),
    ):
        nothing = NO_COST * abs(promise.cost_without_vault_usd)
        yield _figure(name, promised, recomputed, nothing)
    yield from _fresh_figures(instance, plan)


def _fresh_figures(instance: Instance, plan: Plan) -> Iterator[RecomputedFigure]:
    """Yield the cost on fresh scenarios and its interval, if the plan states them."""
    stated = plan.fresh
    if stated is None:
        return
    number, seed = stated.number_of_scenarios, stated.seed
    found = fresh_cost(instance, plan, number_of_scenarios=number, seed=seed)
    if found is not None:
        low, high = stated.confidence_interval_usd
        lowest, highest = found.confidence_interval_usd
        cost = stated.expected_shortage_cost_usd
        nothing = NO_COST * abs(plan.promise.cost_without_vault_usd)
        for name, promised, recomputed in (
            ("fresh_cost_usd", cost, found.expected_shortage_cost_usd),
            ("fresh_cost_low_usd", low, lowest),
            ("fresh_cost_high_usd", high, highest),
        ):
            yield _figure(name, promised, recomputed, nothing)
        yield from _fresh_benefit(stated, found, nothing)


def _fresh_benefit(
    stated: FreshCost, found: FreshCost, nothing: float
) -> Iterator[RecomputedFigure]:
    """Yield what is avoided there and what it costs to hold, if the plan states it.

    A figure that is missing counts as 0.
    """
    if stated.benefit is None or found.benefit is None:
        return
    promised, recomputed = _flat(stated.benefit), _flat(found.benefit)
    for name in promised | recomputed:
        pair = promised.get(name, 0.0), recomputed.get(name, 0.0)
        least = nothing if "_usd" in name else 0.0
        yield _figure(f"fresh_{name}", *pair, least)


def _flat(benefit: Benefit) -> dict[str, float]:
    """Return means and ends of intervals by name."""
    found: dict[str, float] = {}
    for name, estimate in benefit:
        if estimate is None:
            continue
        found[name] = estimate.mean
        if estimate.confidence_interval is not None:
            found[f"{name}_low"], found[f"{name}_high"] = estimate.confidence_interval
    return found


def _figure(
    name: str, promised: float, recomputed: float, nothing: float
) -> RecomputedFigure:
    """Return the comparison of two costs; less than nothing is none."""
    difference = promised - recomputed
    tolerance = PROMISE * abs(recomputed) + nothing
    scale = max(abs(recomputed), nothing)
    return RecomputedFigure(
        name=name,
        promised_usd=promised,
        recomputed_usd=recomputed,
        relative_difference=difference / scale if scale > 0 else 0.0,
        tolerance_usd=tolerance,
        is_kept=abs(difference) <= tolerance,
    )


def _seal(plan: Plan) -> CheckResult:
    """Return whether the plan is as it was written, to the last character."""
    is_kept, expected = plan.seal == plan.expected_seal, plan.expected_seal
    found = plan.seal or "absent"
    return CheckResult(
        name="seal",
        statement="The plan is as it was written: its seal is the hash of all else.",
        is_passed=is_kept,
        violations=() if is_kept else (f"seal: is {found}, expected {expected}",),
    )


def _results(found: Mapping[str, tuple[Violation, ...]]) -> tuple[CheckResult, ...]:
    """Return a result for each part of the check, also for parts not reached."""
    results: list[CheckResult] = []
    for name, statement in STATEMENTS.items():
        violations = (NOT_DONE,)
        if name in found:
            violations = tuple(str(violation) for violation in found[name])
        results.append(
            CheckResult(
                name=name,
                statement=statement,
                is_passed=not violations,
                violations=violations,
            )
        )
    return tuple(results)
