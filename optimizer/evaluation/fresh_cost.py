"""A quick evaluation of a plan on fresh scenarios, to stand beside its promise."""

import numpy as np

from models.fresh_cost import FreshCost
from models.instance import Instance
from models.plan import Plan
from optimizer.deadline import NEVER, Deadline
from optimizer.evaluation.benefit import benefit_of
from optimizer.evaluation.decisions import decisions_of
from optimizer.evaluation.replay import compare
from optimizer.evaluation.statistics import confidence_interval, mean
from optimizer.scenarios import sample_batches
from optimizer.scenarios.scenario_set import Floats

# Half the width of their interval is a twentieth of the cost in the shipped cases, and
# they take a small part of the time of a solve.
NUMBER_OF_SCENARIOS = 400
SCENARIOS_AT_ONCE = 100


def fresh_cost(
    instance: Instance,
    plan: Plan,
    *,
    number_of_scenarios: int = NUMBER_OF_SCENARIOS,
    seed: int | None = None,
    deadline: Deadline = NEVER,
) -> FreshCost | None:
    """Return the cost of a plan on fresh scenarios; None if time is too short for it.

    The scenarios are those of `evaluate` with the same number and seed, by default the
    seed after that of the plan. Raises ValueError for fewer than 4 scenarios, which
    have no interval.
    """
    if deadline.is_over:
        return None
    seed = plan.provenance.seed + 1 if seed is None else seed
    drawn = sample_batches(
        instance,
        number_of_scenarios=number_of_scenarios,
        generator=np.random.default_rng(seed),
    )
    decisions = decisions_of(instance, plan)
    costs: list[tuple[Floats, Floats, Floats]] = []
    start = deadline.seconds_left()
    for first in range(0, number_of_scenarios, SCENARIOS_AT_ONCE):
        left = deadline.seconds_left()
        # What is done has taken start - left; what is not will take as long for each.
        if (
            left <= 0
            or (start - left) * (number_of_scenarios - first) > left * first > 0
        ):
            return None
        part = drawn.scenarios.select(slice(first, first + SCENARIOS_AT_ONCE))
        happened = compare(instance, part, decisions)
        costs.append(
            (happened.with_plan, happened.without_vault, happened.cost_of_holding)
        )
    found, without, holding = map(np.concatenate, zip(*costs, strict=True))
    probability = drawn.scenarios.probability
    interval = confidence_interval(found, probability, drawn.batch)
    if interval is None:
        msg = f"number_of_scenarios is {number_of_scenarios}, expected at least 4"
        raise ValueError(msg)
    return FreshCost(
        number_of_scenarios=number_of_scenarios,
        seed=seed,
        expected_shortage_cost_usd=mean(found, probability),
        confidence_interval_usd=interval,
        benefit=benefit_of(without - found, holding, probability, drawn.batch),
    )
