"""A case in other units: all tonnes, all units of products or all money times c."""

import json
from dataclasses import dataclass, replace
from typing import Any

from optimizer.scenarios.scenario_set import ScenarioSet
from tests.cases import Case


@dataclass(frozen=True)
class Factors:
    """By what tonnes, units of products and US dollars are multiplied."""

    tonnes: float = 1.0
    units: float = 1.0
    money: float = 1.0


def scaled(case: Case, factors: Factors) -> Case:
    """Return the case with every figure times the factors of its unit."""

    def times(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
        return {key: _scaled(key, value, factors) for key, value in pairs}

    return json.loads(json.dumps(case), object_pairs_hook=times)


def scaled_scenarios(scenarios: ScenarioSet, factors: Factors) -> ScenarioSet:
    """Return the scenarios with prices and demand times the factors."""
    price = factors.money / factors.tonnes
    return replace(
        scenarios,
        price=price * scenarios.price,
        base_price=price * scenarios.base_price,
        demand=factors.units * scenarios.demand,
    )


def _scaled(key: str, value: object, factors: Factors) -> object:
    if not isinstance(value, int | float) or isinstance(value, bool):
        return value
    return value * _factor(key, factors)


def _factor(key: str, factors: Factors) -> float:
    factor = 1.0
    if "usd" in key:
        factor *= factors.money
    if key == "quantity_per_unit":
        return factors.tonnes / factors.units
    if "per_tonne" in key:
        factor /= factors.tonnes
    elif "tonnes" in key:
        factor *= factors.tonnes
    if "per_unit" in key:
        factor /= factors.units
    elif "units" in key:
        factor *= factors.units
    return factor
