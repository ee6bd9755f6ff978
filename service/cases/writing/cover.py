"""Days of cover that the routes of a case can deliver within its horizon."""

import math
from dataclasses import dataclass

from models.instance import Instance
from models.material import Material
from models.reading import read_instance
from service.cases.writing.tables import Part

DAYS_PER_YEAR = 365.25
MONTHS_PER_YEAR = 12
LONGEST_MONTH = 31


@dataclass(frozen=True, slots=True)
class Reach:
    """What can be held of a material: days of cover, and the level that they are of."""

    days: float
    level: float


def reaches(case: Part, wanted: float) -> dict[str, Reach]:
    """Return the days wanted of each material, or those that routes can deliver.

    The latter is the highest level of the menu whose build-up ends in time, in whole
    lots.
    """
    instance = read_instance(case)
    return {x.id: _reach(instance, x, wanted) for x in instance.materials}


def _reach(case: Instance, material: Material, wanted: float) -> Reach:
    higher = min(x for x in case.levels_days_of_cover if x > wanted)
    months = case.horizon.number_of_periods
    if _months(case, material, higher) <= months:
        return Reach(float(wanted), wanted)
    levels = [x for x in case.levels_days_of_cover if x <= wanted]
    best = max(x for x in levels if _months(case, material, x) <= months)
    need = case.index.need_tonnes_per_day[material.id]
    lots = math.floor(best * need / material.lot_tonnes + 1e-6)
    # A little less, since a minimum must not be above the level by rounding.
    days = math.floor(10 * lots * material.lot_tonnes / need - 0.01) / 10
    return Reach(days, best)


def _months(case: Instance, material: Material, days: float) -> float:
    """Return how long routes take to deliver a level, beside what is rotated."""
    tonnes = days * case.index.need_tonnes_per_day[material.id]
    pace = max(_for_zone(case, material), _in_market(case, material)) / MONTHS_PER_YEAR
    if material.shelf_life_days:
        pace -= tonnes / math.floor(material.shelf_life_days / LONGEST_MONTH)
    return tonnes / pace if pace > 0 else math.inf


def _for_zone(case: Instance, material: Material) -> float:
    """Return what routes of the zone have a year, with those that are held open."""
    zone = case.trade.zone_countries
    return sum(
        route.vault_tonnes_per_year or 0.0
        for route in case.routes
        if route.material == material.id
        and {route.mining_country, route.refining_country} <= zone
    )


def _in_market(case: Instance, material: Material) -> float:
    """Return what eligible routes have a year that the market opens."""
    ineligible = case.trade.ineligible_countries
    return sum(
        route.vault_tonnes_per_year or 0.0
        for route, operation in zip(case.routes, case.index.operation, strict=True)
        if route.material == material.id
        and operation.runs_in_market
        and not {route.mining_country, route.refining_country} & ineligible
    )
