"""Stock, shortage and cost of a plan over time, from its replay on fresh scenarios."""

from dataclasses import dataclass

import numpy as np

from models.instance import Instance
from models.plan import Plan
from models.trajectories import (
    CostDistribution,
    MaterialTrajectory,
    PlanTrajectories,
)
from optimizer.cores import on_one_thread
from optimizer.evaluation.chunks import in_chunks
from optimizer.evaluation.decisions import Decisions, decisions_of, nothing_held
from optimizer.evaluation.replay import replay
from optimizer.evaluation.statistics import fan, mean, quantiles
from optimizer.scenarios import sample_batches
from optimizer.scenarios.scenario_set import Floats, ScenarioSet

COST_LEVELS = tuple(round(level, 2) for level in np.linspace(0.0, 1.0, 101).tolist())


@dataclass(frozen=True, slots=True)
class _Found:
    """Expected need, gap and shortage (m, t), stock (m, w, t) and costs (w)."""

    need: Floats
    gap: Floats
    shortage: Floats
    on_hand: Floats
    with_plan: Floats
    without_vault: Floats


@on_one_thread
def trajectories(
    instance: Instance, plan: Plan, *, number_of_scenarios: int, seed: int
) -> PlanTrajectories:
    """Return stock, shortage and cost of a plan on scenarios drawn with another seed.

    They are those of `evaluate` for the same number and seed. Raises PlanMismatchError
    if the plan does not fit the case.
    """
    decisions = decisions_of(instance, plan)
    scenarios = sample_batches(
        instance,
        number_of_scenarios=number_of_scenarios,
        generator=np.random.default_rng(seed),
    ).scenarios
    parts = [_found(instance, part, decisions) for part in in_chunks(scenarios)]
    periods = range(instance.horizon.number_of_periods)
    return PlanTrajectories(
        instance_hash=instance.content_hash,
        plan_hash=plan.content_hash,
        scenarios=number_of_scenarios,
        seed=seed,
        period_starts=tuple(instance.horizon.start_of(t) for t in periods),
        materials=_materials(instance, scenarios, decisions, parts),
        cost=_cost(scenarios, parts),
    )


def _found(instance: Instance, scenarios: ScenarioSet, decisions: Decisions) -> _Found:
    """Replay some of the scenarios; their expectations count by their probability."""
    happened = replay(instance, scenarios, decisions)
    bare = replay(instance, scenarios, nothing_held(instance))
    market = happened.market
    need = np.zeros_like(scenarios.price)
    np.add.at(need, np.array([m for _, m in market.pairs]), market.need)
    on_hand = np.zeros_like(scenarios.price)
    for part in happened.held:
        on_hand[part.holding.m] += part.response.on_hand.sum(axis=0)
    probability = scenarios.probability
    return _Found(
        need=_expected(need, probability),
        gap=_expected(market.market_gap, probability),
        shortage=_expected(market.market_gap - happened.taken_up(), probability),
        on_hand=on_hand,
        with_plan=happened.scenario_costs(),
        without_vault=bare.scenario_costs(),
    )


def _expected(values: Floats, probability: Floats) -> Floats:
    return np.einsum("mwt,w->mt", values, probability)


def _materials(
    instance: Instance,
    scenarios: ScenarioSet,
    decisions: Decisions,
    parts: list[_Found],
) -> tuple[MaterialTrajectory, ...]:
    on_hand = np.concatenate([part.on_hand for part in parts], axis=1)
    need, gap, shortage = (
        np.sum([getattr(part, name) for part in parts], axis=0)
        for name in ("need", "gap", "shortage")
    )
    held = {
        material.id: sum(
            x.tonnes for x in decisions.tranches if x.material == material.id
        )
        for material in instance.materials
    }
    return tuple(
        MaterialTrajectory(
            material=material.id,
            name=material.name,
            target_tonnes=held[material.id],
            on_hand_tonnes=fan(on_hand[m], scenarios.probability),
            need_tonnes=tuple(need[m].tolist()),
            gap_tonnes=tuple(gap[m].tolist()),
            shortage_tonnes=tuple(shortage[m].tolist()),
        )
        for m, material in enumerate(instance.materials)
    )


def _cost(scenarios: ScenarioSet, parts: list[_Found]) -> CostDistribution:
    with_plan = np.concatenate([part.with_plan for part in parts])
    without = np.concatenate([part.without_vault for part in parts])
    probability = scenarios.probability
    return CostDistribution(
        levels=COST_LEVELS,
        with_plan_usd=tuple(quantiles(with_plan, probability, COST_LEVELS).tolist()),
        without_vault_usd=tuple(quantiles(without, probability, COST_LEVELS).tolist()),
        mean_with_plan_usd=mean(with_plan, probability),
        mean_without_vault_usd=mean(without, probability),
    )
