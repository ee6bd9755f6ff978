"""Rules with the levels of a plan on the same fresh scenarios, side by side."""

from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import Executor
from dataclasses import dataclass
from functools import partial

import numpy as np

from models.instance import Instance
from models.plan import Plan
from models.rule_comparison import (
    RuleComparison,
    RuleCost,
    RuleKind,
    ValueOfInformation,
)
from optimizer.cores import on_one_thread
from optimizer.evaluation.chunks import executors_for, in_chunks
from optimizer.evaluation.decisions import Decisions, decisions_of
from optimizer.evaluation.followed_scenarios import fresh_scenarios, one_batch
from optimizer.evaluation.statistics import confidence_interval, cvar, mean
from optimizer.executors import map_in_order
from optimizer.problem import discount_factors
from optimizer.recourse.allocation import allocate, no_supply
from optimizer.rule_comparison.clairvoyant import clairvoyant_costs
from optimizer.rule_comparison.following import Behaviour, Followed, follow, triggered
from optimizer.rule_comparison.information import (
    NoValueError,
    value_of_information,
    value_on,
)
from optimizer.rule_comparison.price_trigger import PRICE_TRIGGER
from optimizer.rule_comparison.single_rules import best_single_rules, mixed
from optimizer.scenarios import Batches, sample
from optimizer.scenarios.scenario_set import Floats, ScenarioSet

CHOOSING_SCENARIOS = 100

NAMES: Mapping[RuleKind, str] = {
    RuleKind.NO_VAULT: "No vault",
    RuleKind.PRICE_TRIGGER: "Full release once the price is {trigger:g} times as high",
    RuleKind.BEST_SINGLE_RULE: "Best single rule of each material",
    RuleKind.PLAN: "The plan's own tranches",
    RuleKind.CLAIRVOYANT: "Clairvoyant (lower bound)",
}


@dataclass(frozen=True, slots=True)
class _Row:
    """One row on some scenarios: costs (w); lowest cash is None if there is none."""

    kind: RuleKind
    rule: str | None
    name: str
    costs: Floats
    lowest_cash: float | None


@dataclass(frozen=True, slots=True)
class _Comparison:
    """What is compared: the plan's decisions, the trigger, the best single rules."""

    instance: Instance
    decisions: Decisions
    trigger: float
    chosen: tuple[int, ...]


@on_one_thread
def compare_rules(  # noqa: PLR0913 - each is a choice of the caller
    instance: Instance,
    plan: Plan,
    *,
    number_of_scenarios: int,
    seed: int,
    trigger: float = PRICE_TRIGGER,
    value_scenarios: int = 0,
    given: ScenarioSet | None = None,
    on_stage: Callable[[str], None] = lambda _: None,
    executors: tuple[Executor, ...] | None = None,
) -> RuleComparison:
    """Return what rules cost with the plan's levels, and a bound for all of them.

    Rights, contracts and draws stay as they are. value_scenarios, if not 0, is the
    number of planning scenarios for the value of information. given are scenarios to
    take instead of drawn ones; if there are more of them, that value is not found.
    on_stage gets the name of
    each stage. Without executors, processes of this machine are used if there are many
    scenarios. Raises PlanMismatchError if the plan does not fit the case.
    """
    decisions = decisions_of(instance, plan)
    drawn = (
        fresh_scenarios(instance, number_of_scenarios, seed).drawn
        if given is None
        else one_batch(given)
    )
    number_of_scenarios = drawn.scenarios.number_of_scenarios
    pools = _pools(instance, decisions)
    if pools:
        on_stage(f"choosing single rules on {CHOOSING_SCENARIOS} scenarios")
    chosen = _choose(instance, decisions, seed)
    on_stage(f"following all rules through {number_of_scenarios:,} scenarios")
    comparison = _Comparison(instance, decisions, trigger, chosen)
    with executors_for(number_of_scenarios, executors) as opened:
        rows = _run(comparison, drawn.scenarios, opened)
    if value_scenarios:
        on_stage(f"solving for the worth of knowing, {value_scenarios} scenarios")
    value, reason = _value(instance, plan, value_scenarios, given)
    best = {m: instance.rules[j].id for m, j in zip(pools, chosen, strict=True)}
    return RuleComparison(
        instance_hash=instance.content_hash,
        plan_hash=plan.content_hash,
        scenarios=number_of_scenarios,
        seed=seed,
        scenarios_hash=None if given is None else given.file_hash,
        cvar_level=instance.options.cvar_level,
        price_trigger=trigger,
        choosing_scenarios=CHOOSING_SCENARIOS if pools else 0,
        best_rules=best,
        rows=_costs(rows, drawn, instance.options.cvar_level),
        value=value,
        no_value_because=reason,
    )


def _value(
    instance: Instance,
    plan: Plan,
    number_of_scenarios: int,
    given: ScenarioSet | None,
) -> tuple[ValueOfInformation | None, str | None]:
    """Return the value of information, or why there is none."""
    if not number_of_scenarios:
        return None, None
    seed = plan.provenance.seed
    if given is not None and given.number_of_scenarios > number_of_scenarios:
        number = given.number_of_scenarios
        return None, f"the file has {number:,} scenarios, more than it is found for"
    try:
        if given is not None:
            return value_on(instance, given, seed), None
        found = value_of_information(
            instance, number_of_scenarios=number_of_scenarios, seed=seed
        )
    except NoValueError as error:
        return None, str(error)
    return found, None


def _choose(instance: Instance, decisions: Decisions, seed: int) -> tuple[int, ...]:
    """Return the best single rules, by pool, from scenarios drawn for this alone."""
    if not _pools(instance, decisions):
        return ()
    # The stream of the comparison is of the seed alone; this one never meets it.
    scenarios = sample(
        instance,
        number_of_scenarios=CHOOSING_SCENARIOS,
        generator=np.random.default_rng([seed, 1]),
    )
    return best_single_rules(instance, scenarios, decisions)


def _pools(instance: Instance, decisions: Decisions) -> list[str]:
    """Return the materials with a pool in the order of the case."""
    held = {x.material for x in decisions.tranches if x.offer is None}
    return [material.id for material in instance.materials if material.id in held]


def _run(
    comparison: _Comparison, scenarios: ScenarioSet, executors: Sequence[Executor]
) -> list[_Row]:
    """Follow chunk by chunk; return rows over all scenarios."""
    parts = list(
        map_in_order(executors, partial(_rows, comparison), in_chunks(scenarios))
    )
    return [_joined(same) for same in zip(*parts, strict=True)]


def _rows(comparison: _Comparison, scenarios: ScenarioSet) -> list[_Row]:
    instance = comparison.instance
    followed = follow(instance, scenarios, comparison.decisions)
    listed: list[tuple[RuleKind, str | None, str, Sequence[Behaviour]]] = [
        (RuleKind.MENU_RULE, rule.id, rule.name, behaviours)
        for rule, behaviours in zip(instance.rules, followed.by_rule, strict=True)
    ]
    on_price = triggered(followed, comparison.trigger)
    if on_price is not None:
        name = NAMES[RuleKind.PRICE_TRIGGER].format(trigger=comparison.trigger)
        listed.append((RuleKind.PRICE_TRIGGER, None, name, on_price))
    best = mixed(followed, comparison.chosen)
    kind = RuleKind.BEST_SINGLE_RULE
    listed.append((kind, None, NAMES[kind], best))
    costs = followed.costs([behaviours for *_, behaviours in listed])
    happened = followed.happened
    return [
        _bare(RuleKind.NO_VAULT, _without_vault(followed)),
        *(
            _Row(kind, rule, name, cost, float(followed.cash(behaviours).min()))
            for (kind, rule, name, behaviours), cost in zip(listed, costs, strict=True)
        ),
        _Row(
            RuleKind.PLAN,
            None,
            NAMES[RuleKind.PLAN],
            happened.scenario_costs(),
            float(happened.cash.min()),
        ),
        _bare(RuleKind.CLAIRVOYANT, clairvoyant_costs(followed)),
    ]


def _bare(kind: RuleKind, costs: Floats) -> _Row:
    return _Row(kind, None, NAMES[kind], costs, None)


def _without_vault(followed: Followed) -> Floats:
    happened = followed.happened
    recourse = happened.recourse
    found = allocate(recourse, no_supply(recourse), happened.cost.shape)
    return (found.cost * discount_factors(followed.instance)).sum(axis=1)


def _joined(same: Sequence[_Row]) -> _Row:
    lows = [row.lowest_cash for row in same if row.lowest_cash is not None]
    first = same[0]
    costs = np.concatenate([row.costs for row in same])
    return _Row(first.kind, first.rule, first.name, costs, min(lows, default=None))


def _costs(rows: Sequence[_Row], drawn: Batches, level: float) -> tuple[RuleCost, ...]:
    probability = drawn.scenarios.probability
    plan = next(row.costs for row in rows if row.kind is RuleKind.PLAN)

    def interval(values: Floats) -> tuple[float, float] | None:
        return confidence_interval(values, probability, drawn.batch)

    return tuple(
        RuleCost(
            kind=row.kind,
            rule=row.rule,
            name=row.name,
            expected_shortage_cost_usd=mean(row.costs, probability),
            confidence_interval_usd=interval(row.costs),
            difference_usd=mean(row.costs - plan, probability),
            difference_interval_usd=interval(row.costs - plan),
            cvar_usd=cvar(row.costs, probability, level),
            lowest_cash_usd=row.lowest_cash,
        )
        for row in rows
    )
