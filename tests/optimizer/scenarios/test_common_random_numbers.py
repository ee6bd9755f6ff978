"""The same seed gives the same scenarios, whatever the order of the case."""

from copy import deepcopy
from dataclasses import fields
from typing import Any

import numpy as np

from models.reading import read_instance
from optimizer.scenarios import ScenarioSet, sample


def drawn(case: dict[str, Any], number_of_scenarios: int, seed: int = 7) -> ScenarioSet:
    """Sample a case."""
    return sample(
        read_instance(case),
        number_of_scenarios=number_of_scenarios,
        generator=np.random.default_rng(seed),
    )


def equal_bytes(a: ScenarioSet, b: ScenarioSet) -> bool:
    """Tell whether two sets agree to the last bit."""
    return all(
        np.array_equal(getattr(a, field.name), getattr(b, field.name))
        for field in fields(ScenarioSet)
    )


def test_same_seed_gives_the_same_bytes(eventful: dict[str, Any]) -> None:
    """A seed determines the scenarios; another one gives others."""
    assert equal_bytes(drawn(eventful, 40), drawn(eventful, 40))
    assert not equal_bytes(drawn(eventful, 40), drawn(eventful, 40, seed=8))


def test_order_of_events_changes_nothing(eventful: dict[str, Any]) -> None:
    """Events listed the other way round give the same scenarios."""
    reordered = deepcopy(eventful)
    reordered["events"].reverse()
    assert equal_bytes(drawn(eventful, 40), drawn(reordered, 40))


def test_order_of_materials_and_products_changes_nothing(
    eventful: dict[str, Any],
) -> None:
    """Materials, routes and products keep their own paths in any order."""
    reordered = deepcopy(eventful)
    for section in ("materials", "products", "routes"):
        reordered[section].reverse()
    first, second = drawn(eventful, 40), drawn(reordered, 40)
    assert np.array_equal(first.price, second.price[::-1])
    assert np.array_equal(first.demand, second.demand[::-1])
    assert np.array_equal(first.availability, second.availability[::-1])


def test_volatility_leaves_onsets_alone(eventful: dict[str, Any]) -> None:
    """Another price volatility changes the prices of that material and nothing else."""
    calmer = deepcopy(eventful)
    calmer["materials"][0]["price_volatility_per_year"] = 0.0
    first, second = drawn(eventful, 40), drawn(calmer, 40)
    assert np.array_equal(first.availability, second.availability)
    assert np.array_equal(first.demand, second.demand)
    assert np.array_equal(first.price[1], second.price[1])
    assert not np.array_equal(first.price[0], second.price[0])
