"""A plan on fresh scenarios: cost with its interval, CVaR, historic replays."""

from collections.abc import Iterator
from concurrent.futures import Executor
from functools import partial

import numpy as np

from models.evaluation import Evaluation, ReplayResult
from models.instance import Instance
from models.plan import Plan
from optimizer.evaluation.replay import Comparison, Decisions, compare
from optimizer.evaluation.statistics import confidence_interval, cvar, mean
from optimizer.executors import map_in_order, open_executors
from optimizer.scenarios import replay_scenarios, sample
from optimizer.scenarios.scenario_set import ScenarioSet

SCENARIOS_AT_ONCE = 250
FEWEST_FOR_PROCESSES = 500  # for fewer, processes take longer to start than they save


class UnknownPartError(ValueError):
    """The plan names something that the case does not have."""


def evaluate(
    instance: Instance,
    plan: Plan,
    *,
    number_of_scenarios: int,
    seed: int,
    executors: tuple[Executor, ...] | None = None,
) -> Evaluation:
    """Return the statistics of a plan on scenarios drawn with another seed.

    They are the same whoever works on them; without executors processes of this machine
    are used if there are many scenarios. Raises UnknownPartError if plan and case do
    not belong together.
    """
    decisions = decisions_of(instance, plan)
    scenarios = sample(
        instance,
        number_of_scenarios=number_of_scenarios,
        generator=np.random.default_rng(seed),
    )
    if executors is None:
        is_large = number_of_scenarios >= FEWEST_FOR_PROCESSES
        with open_executors("local" if is_large else "here") as opened:
            found = _run(instance, scenarios, decisions, opened)
    else:
        found = _run(instance, scenarios, decisions, executors)
    costs, without = found.with_plan, found.without_vault
    level = instance.options.cvar_level
    return Evaluation(
        instance_hash=instance.content_hash,
        plan_hash=plan.content_hash,
        scenarios=number_of_scenarios,
        seed=seed,
        expected_shortage_cost_usd=mean(costs, scenarios.probability),
        confidence_interval_usd=confidence_interval(
            costs, scenarios.probability, scenarios.stratum
        ),
        cost_without_vault_usd=mean(without, scenarios.probability),
        cvar_usd=cvar(costs, scenarios.probability, level),
        cvar_level=level,
        lowest_cash_usd=found.lowest_cash,
        replays=_historic(instance, decisions),
    )


def decisions_of(instance: Instance, plan: Plan) -> Decisions:
    """Return the decisions that a plan prints, for a case that knows all its parts."""
    known = {m.id for m in instance.materials} | {
        offer.id for offer in instance.entitlement_offers
    }
    named = {x.material for x in plan.tranches()} | {
        x.offer for x in plan.tranches() if x.offer is not None
    }
    unknown = named - known
    unknown |= {k.contract for k in plan.contracts} - {k.id for k in instance.contracts}
    options = {option.id for option in instance.sourcing_options}
    unknown |= {x.sourcing for x in plan.tranches()} - options
    facilities = [f.id for f in instance.financing.facilities]
    for period in plan.financing:
        unknown |= set(period.draws_usd) - set(facilities)
    if unknown:
        msg = f"the plan names {', '.join(sorted(unknown))}, expected parts of the case"
        raise UnknownPartError(msg)
    if len(plan.financing) != instance.horizon.number_of_periods:
        msg = (
            f"the plan has {len(plan.financing)} periods, "
            f"expected {instance.horizon.number_of_periods} as in the case"
        )
        raise UnknownPartError(msg)
    draws = np.array(
        [
            [period.draws_usd.get(f, 0.0) for period in plan.financing]
            for f in facilities
        ]
    ).reshape(len(facilities), len(plan.financing))
    signed = frozenset(k.contract for k in plan.contracts)
    return Decisions(plan.tranches(), signed, draws)


def _run(
    instance: Instance,
    scenarios: ScenarioSet,
    decisions: Decisions,
    executors: tuple[Executor, ...],
) -> Comparison:
    """Compare part by part."""
    made = partial(_compare, instance, decisions)
    parts = list(map_in_order(executors, made, _parts(scenarios)))
    return Comparison(
        np.concatenate([part.with_plan for part in parts]),
        np.concatenate([part.without_vault for part in parts]),
        min(part.lowest_cash for part in parts),
    )


def _compare(
    instance: Instance, decisions: Decisions, scenarios: ScenarioSet
) -> Comparison:
    return compare(instance, scenarios, decisions)


def _parts(scenarios: ScenarioSet) -> Iterator[ScenarioSet]:
    """Yield the scenarios in parts: memory stays small, programs stay fast."""
    for first in range(0, scenarios.number_of_scenarios, SCENARIOS_AT_ONCE):
        yield scenarios.select(slice(first, first + SCENARIOS_AT_ONCE))


def _historic(instance: Instance, decisions: Decisions) -> tuple[ReplayResult, ...]:
    if not instance.replays:
        return ()
    found = compare(instance, replay_scenarios(instance), decisions)
    return tuple(
        ReplayResult(
            replay=x.id,
            name=x.name,
            shortage_cost_usd=float(cost),
            cost_without_vault_usd=float(bare),
        )
        for x, cost, bare in zip(
            instance.replays, found.with_plan, found.without_vault, strict=True
        )
    )
