"""What a plan expected of the period that comes next, on its planning scenarios."""

from dataclasses import replace

import numpy as np

from models.instance import Instance
from optimizer.evaluation.decisions import Decisions
from optimizer.evaluation.replay import replay
from optimizer.evaluation.statistics import mean
from optimizer.scenarios import ScenarioSet, sample


def expected_cost(instance: Instance, decisions: Decisions) -> float:
    """Return the mean shortage cost of the first period, US dollars.

    Of the planning scenarios of the case as it stands; later periods are left out.
    """
    options = instance.options
    scenarios = sample(
        instance,
        number_of_scenarios=options.number_of_scenarios,
        generator=np.random.default_rng(options.seed),
    )
    short = replace(decisions, draws=decisions.draws[:, :1])
    happened = replay(_of_one_period(instance), _first(scenarios), short)
    return mean(happened.allocation.cost[:, 0], scenarios.probability)


def _of_one_period(instance: Instance) -> Instance:
    """Return the case with its first period alone; copies are not checked."""
    horizon = instance.horizon.model_copy(update={"number_of_periods": 1})
    materials = tuple(
        m
        if m.price_path_usd_per_tonne is None
        else m.model_copy(
            update={"price_path_usd_per_tonne": m.price_path_usd_per_tonne[:1]}
        )
        for m in instance.materials
    )
    return instance.model_copy(update={"horizon": horizon, "materials": materials})


def _first(scenarios: ScenarioSet) -> ScenarioSet:
    return ScenarioSet(
        names=scenarios.names,
        probability=scenarios.probability,
        stratum=scenarios.stratum,
        availability=scenarios.availability[..., :1],
        announced=scenarios.announced[..., :1],
        price=scenarios.price[..., :1],
        base_price=scenarios.base_price[..., :1],
        demand=scenarios.demand[..., :1],
    )
