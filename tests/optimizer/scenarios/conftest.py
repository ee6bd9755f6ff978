"""A case in which much can happen, for the tests of sampling."""

import pytest

from tests import cases
from tests.cases import Case


def permanent(name: str, country: str, hazard_per_year: float) -> Case:
    """Return an event that cuts gallium from a country for good."""
    terms = {"country": country, "hazard_per_year": hazard_per_year}
    return cases.event(name, cases.phase(4000), stage="both", **terms)


@pytest.fixture
def eventful(tiny_case: Case) -> Case:
    """Return two years of quarters, five events, two materials, lively markets."""
    tiny_case["horizon"] = cases.horizon(8, period_days=365.25 / 4)
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
