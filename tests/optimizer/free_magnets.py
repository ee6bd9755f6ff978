"""The quickstart without limits of routes: menus of many levels that money decides."""

from service.casefiles import load
from tests.cases import Case, changed

LIMITS = {
    "levels_days_of_cover": [15, 30, 60, 120, 180, 365],
    "financing.facilities.0.limit_usd": 50_000_000.0,
    "financing.facilities.1.limit_usd": 10_000_000.0,
}


def free_magnets() -> Case:
    """Return the mapping of magnets with all that can be bought as it likes."""
    case = changed(dict(load("magnets")), LIMITS)
    for route in case["routes"]:
        del route["vault_tonnes_per_year"]
    for material in case["materials"]:
        material["market_capacity_tonnes_per_year"] = 2_000.0
        material["price_impact"] = []
    return case
