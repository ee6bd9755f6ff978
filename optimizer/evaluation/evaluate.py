"""A plan on fresh scenarios: cost with its interval, tails, service, history."""

from collections.abc import Sequence
from concurrent.futures import Executor
from dataclasses import dataclass
from functools import partial

import numpy as np
from numpy.typing import NDArray

from models.evaluation import (
    Evaluation,
    MaterialService,
    PlanDifference,
    ProductService,
    ReplayResult,
    TailCost,
)
from models.instance import Instance
from models.plan import Plan
from optimizer.cores import on_one_thread
from optimizer.evaluation.benefit import benefit_of, estimate
from optimizer.evaluation.chunks import executors_for, in_chunks, joined
from optimizer.evaluation.decisions import Decisions, decisions_of
from optimizer.evaluation.followed_scenarios import (
    FollowedScenarios,
    fresh_scenarios,
)
from optimizer.evaluation.position import financing_fans, position_of
from optimizer.evaluation.replay import ReplayComparison, compare
from optimizer.evaluation.statistics import (
    confidence_interval,
    cvar,
    mean,
    scenarios_needed,
)
from optimizer.evaluation.story import worst_scenarios
from optimizer.executors import map_in_order
from optimizer.scenarios import Batches, replay_scenarios
from optimizer.scenarios.scenario_set import Floats, ScenarioSet

TAIL_LEVELS = (0.9, 0.95, 0.99)
PRECISION = 0.05


@dataclass(frozen=True, slots=True)
class ScenarioResults:
    """What a plan did in each scenario (w), and in each period (t) of it.

    Names, probability, batch and all three costs are by (w); cash_usd, stock_value_usd,
    of the stock at market price, and debt_usd by (w, t).
    """

    names: tuple[str, ...]
    probability: Floats
    batch: NDArray[np.int64]
    shortage_cost_usd: Floats
    cost_without_vault_usd: Floats
    cost_of_holding_usd: Floats
    cash_usd: Floats
    stock_value_usd: Floats
    debt_usd: Floats


@on_one_thread
def evaluate(  # noqa: PLR0913 - each is a choice of the caller
    instance: Instance,
    plan: Plan,
    *,
    number_of_scenarios: int,
    seed: int,
    others: Sequence[Plan] = (),
    precision: float = PRECISION,
    followed: FollowedScenarios | None = None,
    executors: tuple[Executor, ...] | None = None,
) -> Evaluation:
    """Return the statistics of a plan on scenarios drawn with another seed.

    Other plans are followed through the same scenarios (common random numbers), so
    differences are far more certain than costs. precision is the half width of the
    interval, as a share of the cost, for which a number of scenarios is given.
    followed are scenarios to take instead of drawn ones. The
    statistics do not depend on the executors; without any, processes of this machine
    are used if there are many scenarios. Raises PlanMismatchError if a plan does not
    fit the case.
    """
    evaluation, _ = evaluate_by_scenario(
        instance,
        plan,
        number_of_scenarios=number_of_scenarios,
        seed=seed,
        others=others,
        precision=precision,
        followed=followed,
        executors=executors,
    )
    return evaluation


@on_one_thread
def evaluate_by_scenario(  # noqa: PLR0913 - each is a choice of the caller
    instance: Instance,
    plan: Plan,
    *,
    number_of_scenarios: int,
    seed: int,
    others: Sequence[Plan] = (),
    precision: float = PRECISION,
    followed: FollowedScenarios | None = None,
    executors: tuple[Executor, ...] | None = None,
) -> tuple[Evaluation, ScenarioResults]:
    """Return the statistics of `evaluate`, and the results by scenario."""
    decided = [decisions_of(instance, made) for made in (plan, *others)]
    if followed is None:
        followed = fresh_scenarios(instance, number_of_scenarios, seed)
    drawn = followed.drawn
    scenarios = drawn.scenarios
    number_of_scenarios = scenarios.number_of_scenarios
    with executors_for(number_of_scenarios, executors) as opened:
        found = [compared(instance, scenarios, x, opened) for x in decided]
    costs, without = found[0].with_plan, found[0].without_vault
    level = instance.options.cvar_level
    interval = confidence_interval(costs, scenarios.probability, drawn.batch)
    evaluation = Evaluation(
        instance_hash=instance.content_hash,
        plan_hash=plan.content_hash,
        scenarios=number_of_scenarios,
        seed=seed,
        followed=followed.kind,
        scenarios_hash=scenarios.file_hash or None,
        expected_shortage_cost_usd=mean(costs, scenarios.probability),
        confidence_interval_usd=interval,
        precision=precision,
        scenarios_for_precision=scenarios_needed(
            interval, number_of_scenarios, precision
        ),
        cost_without_vault_usd=mean(without, scenarios.probability),
        benefit=benefit_of(
            without - costs,
            found[0].cost_of_holding,
            scenarios.probability,
            drawn.batch,
        ),
        cvar_usd=cvar(costs, scenarios.probability, level),
        cvar_level=level,
        tails=tuple(
            TailCost(
                level=x,
                cvar_usd=cvar(costs, scenarios.probability, x),
                cvar_without_vault_usd=cvar(without, scenarios.probability, x),
            )
            for x in TAIL_LEVELS
        ),
        lowest_cash_usd=float(found[0].books.cash.min()),
        fans=financing_fans(
            instance,
            position_of(
                instance, scenarios.probability, decided[0].draws, found[0].books
            ),
        ),
        products=_products(instance, scenarios, found[0]),
        materials=_materials(instance, scenarios, found[0]),
        others=tuple(
            difference(drawn, made, found[0], other)
            for made, other in zip(others, found[1:], strict=True)
        ),
        replays=_historic(instance, decided[0]),
        worst=worst_scenarios(
            instance,
            decided[0],
            scenarios,
            followed.courses,
            (costs, without),
        ),
    )
    results = ScenarioResults(
        names=scenarios.names,
        probability=scenarios.probability,
        batch=drawn.batch,
        shortage_cost_usd=costs,
        cost_without_vault_usd=without,
        cost_of_holding_usd=found[0].cost_of_holding,
        cash_usd=found[0].books.cash,
        stock_value_usd=found[0].books.stock_value,
        debt_usd=found[0].books.debt,
    )
    return evaluation, results


def compared(
    instance: Instance,
    scenarios: ScenarioSet,
    decisions: Decisions,
    executors: Sequence[Executor],
) -> ReplayComparison:
    """Return what decisions do, and what happens without vault, chunk by chunk."""
    made = partial(compare, instance, decisions=decisions)
    parts = list(map_in_order(executors, made, in_chunks(scenarios)))
    return ReplayComparison(
        with_plan=np.concatenate([part.with_plan for part in parts]),
        without_vault=np.concatenate([part.without_vault for part in parts]),
        cost_of_holding=np.concatenate([part.cost_of_holding for part in parts]),
        served=joined([part.served for part in parts], axis=-1),
        unserved=joined([part.unserved for part in parts], axis=-1),
        stock=joined([part.stock for part in parts], axis=-1),
        books=joined([part.books for part in parts], axis=0),
    )


def _products(
    instance: Instance, scenarios: ScenarioSet, found: ReplayComparison
) -> tuple[ProductService, ...]:
    probability = scenarios.probability
    planned = scenarios.demand.sum(axis=2) @ probability
    days = _days_of_cover(instance, scenarios, found)
    exploded = instance.index.tonnes_per_unit
    names = instance.index.participant_name
    return tuple(
        ProductService(
            participant=product.participant or "",
            participant_name=names[product.participant or ""],
            product=product.id,
            name=product.name,
            days_of_cover=min(days[m] for m in exploded[product.id]),
            fill_rate=_fraction(1 - found.served.unmet[p] @ probability / planned[p]),
            fill_rate_without_vault=_fraction(
                1 - found.unserved.unmet[p] @ probability / planned[p]
            ),
            line_stop_probability=_fraction(found.served.stops[p] @ probability),
            line_stop_probability_without_vault=_fraction(
                found.unserved.stops[p] @ probability
            ),
        )
        for p, product in enumerate(instance.final_products())
    )


def _materials(
    instance: Instance, scenarios: ScenarioSet, found: ReplayComparison
) -> tuple[MaterialService, ...]:
    days = _days_of_cover(instance, scenarios, found)
    probability = scenarios.probability
    return tuple(
        MaterialService(
            material=material.id,
            name=material.name,
            mean_days_of_cover=days[material.id],
            gap_probability=_fraction(found.stock.is_short[m] @ probability),
            stock_out_probability=_fraction(found.stock.runs_out[m] @ probability),
        )
        for m, material in enumerate(instance.materials)
    )


def _days_of_cover(
    instance: Instance, scenarios: ScenarioSet, found: ReplayComparison
) -> dict[str, float]:
    """Return the mean stock of each material in days of members' need."""
    held = found.stock.mean_on_hand @ scenarios.probability
    return {
        material.id: instance.index.days_of_cover(material.id, float(tonnes))
        for material, tonnes in zip(instance.materials, held, strict=True)
    }


def _fraction(value: float) -> float:
    """Return a share clipped to 0 .. 1, which rounding can leave."""
    return float(min(max(value, 0.0), 1.0))


def difference(
    drawn: Batches, plan: Plan, found: ReplayComparison, other: ReplayComparison
) -> PlanDifference:
    """Return how much more another plan costs, by what it did, than what was found."""
    probability, batch = drawn.scenarios.probability, drawn.batch
    dearer = other.with_plan - found.with_plan
    held = other.cost_of_holding - found.cost_of_holding
    return PlanDifference(
        plan_hash=plan.content_hash,
        expected_shortage_cost_usd=mean(other.with_plan, probability),
        difference_usd=mean(dearer, probability),
        confidence_interval_usd=confidence_interval(dearer, probability, batch),
        cost_of_holding_difference_usd=estimate(held, probability, batch),
        net_benefit_difference_usd=estimate(-dearer - held, probability, batch),
    )


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
