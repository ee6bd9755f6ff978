"""A plan on fresh scenarios: cost with its interval, CVaR, historic replays."""

from collections.abc import Iterator

import numpy as np

from models.evaluation import Evaluation, ReplayResult
from models.instance import Instance
from models.plan import Plan
from optimizer.evaluation.replay import Decisions, nothing_held, replay
from optimizer.evaluation.statistics import confidence_interval, cvar, mean
from optimizer.scenarios import replay_scenarios, sample
from optimizer.scenarios.scenario_set import Floats, ScenarioSet

SCENARIOS_AT_ONCE = 50


class UnknownPartError(ValueError):
    """The plan names something that the case does not have."""


def evaluate(
    instance: Instance, plan: Plan, *, number_of_scenarios: int, seed: int
) -> Evaluation:
    """Return the statistics of a plan on scenarios drawn with another seed.

    Raises UnknownPartError if plan and case do not belong together.
    """
    decisions = decisions_of(instance, plan)
    scenarios = sample(
        instance,
        number_of_scenarios=number_of_scenarios,
        generator=np.random.default_rng(seed),
    )
    costs, lowest_cash = _run(instance, scenarios, decisions)
    without, _ = _run(instance, scenarios, nothing_held(instance))
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
        lowest_cash_usd=lowest_cash,
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
    instance: Instance, scenarios: ScenarioSet, decisions: Decisions
) -> tuple[Floats, float]:
    """Return the cost of each scenario (w) and the lowest cash balance."""
    costs: list[Floats] = []
    lowest = np.inf
    for part in _parts(scenarios):
        happened = replay(instance, part, decisions)
        costs.append(happened.scenario_costs())
        lowest = min(lowest, float(happened.cash.min()))
    return np.concatenate(costs), lowest


def _parts(scenarios: ScenarioSet) -> Iterator[ScenarioSet]:
    """Yield the scenarios in parts: memory stays small, programs stay fast."""
    for first in range(0, scenarios.number_of_scenarios, SCENARIOS_AT_ONCE):
        yield scenarios.select(slice(first, first + SCENARIOS_AT_ONCE))


def _historic(instance: Instance, decisions: Decisions) -> tuple[ReplayResult, ...]:
    if not instance.replays:
        return ()
    scenarios = replay_scenarios(instance)
    costs = replay(instance, scenarios, decisions).scenario_costs()
    without = replay(instance, scenarios, nothing_held(instance)).scenario_costs()
    return tuple(
        ReplayResult(
            replay=x.id,
            name=x.name,
            shortage_cost_usd=float(cost),
            cost_without_vault_usd=float(bare),
        )
        for x, cost, bare in zip(instance.replays, costs, without, strict=True)
    )
