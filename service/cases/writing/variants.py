"""The variants of the reference case, with the figures that follow from the case."""

import math
from collections.abc import Callable, Mapping
from functools import cache

from models.reading import read_instance
from service.cases.writing.assembling import project_vault
from service.cases.writing.materials import price, yearly_need
from service.cases.writing.routes import accessible_tonnes
from service.cases.writing.tables import Part, fragment, rounded

IN_PROPORTION = "in_proportion_to_need"
AS_BOUGHT = "as_far_as_bought"
ENOUGH = "enough_for_cover"
EACH_MATERIAL = "materials.*."
DAYS_WANTED = 60
DAYS_PER_YEAR = 365.25
MONTHS_PER_YEAR = 12
LONGEST_MONTH = 31
# Premia, fees, interest and rising prices, beside the price of the cover at the start.
COST_OF_COVER = 1.35
BILLION = 1e9
GOAL = (
    "stockpile programmes: Project Vault aims at 60 days of emergency supply "
    "(gtreview.com/?p=121242)"
)

# A figure and where it comes from.
Figure = tuple[float, str]


def variants(case: Part) -> dict[str, Part]:
    """Return the overlays of the content tables, by name: variants, then what-ifs."""
    found = {**fragment("variants"), **fragment("what_ifs")}
    return {name: _filled(case, overlay) for name, overlay in found.items()}


def reachable_days(case: Part, material: Part) -> Figure:
    """Return the days wanted, or those that routes can deliver within the horizon.

    The latter is the highest level of the menu whose build-up ends in time, in whole
    lots.
    """
    levels = [x for x in case["levels_days_of_cover"] if x <= DAYS_WANTED]
    higher = min(x for x in case["levels_days_of_cover"] if x > DAYS_WANTED)
    if _months(case, material, higher) <= case["horizon"]["number_of_periods"]:
        return float(DAYS_WANTED), GOAL
    months = case["horizon"]["number_of_periods"]
    best = max(x for x in levels if _months(case, material, x) <= months)
    need = yearly_need(material["id"]) / DAYS_PER_YEAR
    lots = math.floor(best * need / material["lot_tonnes"] + 1e-9)
    # A little less, since the need of the case has the digits of its bills.
    days = math.floor(10 * lots * material["lot_tonnes"] / need - 0.01) / 10
    return days, (
        f"{GOAL}; assumption: {best} days instead, the highest level that the routes "
        f"deliver within {months} months, in whole lots"
    )


def _months(case: Part, material: Part, days: float) -> float:
    """Return how long routes take to deliver a level, beside what is rotated."""
    routes = [x for x in case["routes"] if x["material"] == material["id"]]
    zone = set(case["trade"]["zone_countries"])
    in_zone = [
        x for x in routes if {x["mining_country"], x["refining_country"]} <= zone
    ]
    in_market = [x for x in routes if x["id"] not in _closed_routes()]
    tonnes = days * yearly_need(material["id"]) / DAYS_PER_YEAR
    # Routes that the market closes sell only to the option for the zone.
    pace = max(map(accessible_tonnes, (in_zone, in_market))) / MONTHS_PER_YEAR
    if life := material.get("shelf_life_days"):
        pace -= tonnes / math.floor(life / LONGEST_MONTH)
    return tonnes / pace if pace > 0 else math.inf


@cache
def _closed_routes() -> frozenset[str]:
    """Return the routes of the reference case that no price of the market opens."""
    instance = read_instance(project_vault())
    routes = zip(instance.routes, instance.index.operation, strict=True)
    return frozenset(x.id for x, operation in routes if not operation.runs_in_market)


def _filled(case: Part, overlay: Part) -> Part:
    """Return an overlay with the figures that its words stand for."""
    values: Part = {}
    sources: dict[str, str] = dict(overlay.get("sources", {}))
    for path, value in overlay.get("set", {}).items():
        if path.startswith(EACH_MATERIAL):
            rest = path.removeprefix(EACH_MATERIAL)
            for material in case["materials"]:
                at = f"materials.{material['id']}.{rest}"
                values[at], sources[at] = reachable_days(case, material)
        elif isinstance(value, str) and value in FIGURES:
            values[path], sources[path] = FIGURES[value](case, overlay, path)
        else:
            values[path] = value
    return {**overlay, "set": values, **({"sources": sources} if sources else {})}


def _in_proportion(case: Part, overlay: Part, path: str) -> Figure:
    """Return the limit of a facility, times the share of the need that is kept."""
    wanted = overlay["keep"]["materials"]
    kept = sum(_worth(x) for x in case["materials"] if x["id"] in wanted)
    share = kept / sum(map(_worth, case["materials"]))
    return rounded(share * _limit(case, path), 3), (
        f"assumption: {rounded(100 * share, 3)} % of the limit of the reference case, "
        "as the need kept is of all need at the prices of the start"
    )


def _enough(case: Part, _overlay: Part, path: str) -> Figure:
    """Return the limit of a facility, raised until the days wanted are paid."""
    cover = sum(
        reachable_days(case, x)[0] / DAYS_PER_YEAR * _worth(x)
        for x in case["materials"]
    )
    budget = sum(x["limit_usd"] for x in case["financing"]["facilities"])
    factor = max(1.0, COST_OF_COVER * cover / budget)
    return rounded(factor * _limit(case, path), 3), (
        f"assumption: {rounded(factor, 3)} times the limit of the reference case; the "
        f"cover is worth {rounded(cover / BILLION, 4)} billion USD at the prices of "
        f"the start, and {COST_OF_COVER:g} times that pays premia, fees and rising "
        "prices"
    )


def _worth(material: Part) -> float:
    """Return the need of a year at the price of the start, US dollars."""
    return yearly_need(material["id"]) * price(material["id"])[0]


def _limit(case: Part, path: str) -> float:
    facility = path.split(".")[1]
    limits = {x["id"]: x["limit_usd"] for x in case["financing"]["facilities"]}
    return limits[facility]


FIGURES: Mapping[object, Callable[[Part, Part, str], Figure]] = {
    IN_PROPORTION: _in_proportion,
    ENOUGH: _enough,
}
