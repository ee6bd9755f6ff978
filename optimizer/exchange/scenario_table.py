"""Scenarios as a table: a row for each scenario, period and route, material or product.

The order of rows is that of scenarios, then periods, then of the case.
"""

from typing import Any

import numpy as np
from numpy.typing import NDArray

from models.instance import Instance
from models.scenario_table import (
    FORMAT,
    KINDS,
    Numbers,
    ScenarioHead,
    ScenarioTable,
    Texts,
    world_hash,
)
from optimizer.plan_document import versions
from optimizer.policies.market import observe
from optimizer.scenarios import replay_scenarios
from optimizer.scenarios.content import items_of, scenarios_hash
from optimizer.scenarios.scenario_set import ScenarioSet
from optimizer.solve import planning_scenarios

Written = tuple[ScenarioHead, ScenarioTable]


def planning_table(instance: Instance, given: ScenarioSet | None = None) -> Written:
    """Return the planning scenarios that the options ask for, or given ones."""
    seed = instance.options.seed
    return scenario_table(instance, given or planning_scenarios(instance), seed)


def replay_table(instance: Instance) -> Written:
    """Return the historic replays of a case as a table, each as probable as another."""
    return scenario_table(instance, replay_scenarios(instance), None)


def scenario_table(
    instance: Instance, scenarios: ScenarioSet, seed: int | None
) -> Written:
    """Return scenarios with the alerts and gaps that follow from them, and the head."""
    head = ScenarioHead(
        format=FORMAT,
        instance_id=instance.id,
        instance_hash=instance.content_hash,
        world_hash=world_hash(instance),
        scenarios_hash=scenarios_hash(instance, scenarios),
        number_of_scenarios=scenarios.number_of_scenarios,
        seed=seed,
        options=instance.options.model_dump(),
        versions=versions(),
    )
    return head, ScenarioTable(head, *_columns(instance, scenarios))


def _columns(
    instance: Instance, scenarios: ScenarioSet
) -> tuple[dict[str, Texts], dict[str, Numbers]]:
    """Return the columns of words, and those of numbers."""
    market = observe(instance, scenarios)
    items = items_of(instance)
    numbers = [len(items[kind]) for kind in KINDS]
    number, periods = scenarios.number_of_scenarios, instance.horizon.number_of_periods
    shape = (number, periods, sum(numbers))
    w, t, i = (x.ravel() for x in np.indices(shape))
    kind = np.repeat(np.arange(len(KINDS)), numbers)
    first = [sum(numbers[:k]) for k in range(len(KINDS))]
    names = tuple(name for of_kind in items.values() for name in of_kind)
    words = tuple(dict.fromkeys(names))  # a route may have the name of a material
    starts = tuple(str(instance.horizon.start_of(x)) for x in range(periods))

    def of(name: str, figures: NDArray[Any]) -> Numbers:
        """Return figures (item, w, t) in the rows of their kind."""
        k = KINDS.index(name)
        values = np.zeros(shape, dtype=figures.dtype)
        is_given = np.zeros(shape, dtype=np.bool_)
        there = slice(first[k], first[k] + numbers[k])
        values[:, :, there] = figures.transpose(1, 2, 0)
        is_given[:, :, there] = True
        return Numbers(values.ravel(), is_given.ravel())

    def everywhere(values: NDArray[Any]) -> Numbers:
        return Numbers(values, np.ones(len(w), dtype=np.bool_))

    texts = {
        "scenario": Texts(scenarios.names, w),
        "start": Texts(starts, t),
        "kind": Texts(KINDS, kind[i]),
        "id": Texts(words, np.array([words.index(x) for x in names])[i]),
    }
    figures = {
        "probability": everywhere(scenarios.probability[w]),
        "stratum": everywhere(scenarios.stratum[w]),
        "period": everywhere(t),
        "availability": of("route", scenarios.availability),
        "announced": of("material", scenarios.announced),
        "price_usd_per_tonne": of("material", scenarios.price),
        "alert": of("material", market.alert),
        "gap_tonnes": of("material", market.market_gap),
        "demand_units": of("product", scenarios.demand),
    }
    return texts, figures
