"""A case in which much can happen, for the tests of sampling."""

from typing import Any

import pytest


def permanent(name: str, country: str, hazard_per_year: float) -> dict[str, Any]:
    """Return an event that cuts gallium from a country for good."""
    phase = {
        "name": "ban",
        "duration_days_low": 4000,
        "duration_days_high": 4000,
        "availability": 0.0,
    }
    return {
        "id": name,
        "name": name,
        "country": country,
        "stage": "both",
        "materials": ["gallium"],
        "hazard_per_year": hazard_per_year,
        "phases": [phase],
    }


@pytest.fixture
def eventful(tiny_case: dict[str, Any]) -> dict[str, Any]:
    """Return two years of quarters, five events, two materials, lively markets."""
    tiny_case["horizon"] = {
        "start": "2026-01-01",
        "number_of_periods": 8,
        "period_days": 365.25 / 4,
    }
    gallium = tiny_case["materials"][0]
    gallium["price_volatility_per_year"] = 0.3
    tiny_case["materials"].append(gallium | {"id": "germanium"})
    for route in list(tiny_case["routes"]):
        other = {"id": f"{route['id']}-ge", "material": "germanium"}
        tiny_case["routes"].append(route | other)
    wafer = tiny_case["products"][0]
    wafer["demand_volatility_per_year"] = 0.1
    bill = [{"material": "germanium", "quantity_per_unit": 0.001}]
    tiny_case["products"].append(wafer | {"id": "lens", "bill_of_materials": bill})
    tiny_case["events"] += [
        permanent("chn-a", "CHN", 0.1),
        permanent("chn-b", "CHN", 0.2),
        permanent("deu", "DEU", 0.05),
        tiny_case["events"][0] | {"id": "chn-ge", "materials": ["germanium"]},
    ]
    return tiny_case
