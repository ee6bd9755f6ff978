"""The variants of the reference case, with the figures that follow from the case."""

from collections.abc import Callable, Mapping

from service.cases.writing.cover import DAYS_PER_YEAR, Reach, reaches
from service.cases.writing.materials import price, yearly_need
from service.cases.writing.month_9 import month_9
from service.cases.writing.tables import Part, fragment, rounded
from service.cases.writing.team_japan import high_risk, overlay, team_japan

IN_PROPORTION = "in_proportion_to_need"
ENOUGH = "enough_for_cover"
EACH_MATERIAL = "materials.*."
HIGH_RISK = "materials.high_risk."
JAPAN = "team_japan"
DAYS_WANTED = 60
DAYS_OF_HIGH_RISK = 180
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
    cases = {"": case, JAPAN: team_japan(case)}
    filled = {
        name: overlay(case, wanted)
        if name == JAPAN
        else _filled(cases.get(wanted.get("base", ""), case), wanted)
        for name, wanted in found.items()
    }
    return {**filled, "month_9": month_9(case)}


def _filled(case: Part, overlay: Part) -> Part:
    """Return an overlay with the figures that its words stand for."""
    values: Part = {}
    sources: dict[str, str] = dict(overlay.get("sources", {}))
    for path, value in overlay.get("set", {}).items():
        wildcard = next((x for x in DAYS if path.startswith(x)), None)
        if wildcard is not None:
            for m, figure in DAYS[wildcard](case).items():
                at = f"materials.{m}.{path.removeprefix(wildcard)}"
                values[at], sources[at] = figure
        elif isinstance(value, str) and value in FIGURES:
            values[path], sources[path] = FIGURES[value](case, overlay, path)
        else:
            values[path] = value
    return {**overlay, "set": values, **({"sources": sources} if sources else {})}


def _days_for_all(case: Part) -> dict[str, Figure]:
    reach = reaches(case, DAYS_WANTED)
    return {m: (each.days, _goal(case, each)) for m, each in reach.items()}


def _goal(case: Part, reach: Reach) -> str:
    if reach.days == DAYS_WANTED:
        return GOAL
    months = case["horizon"]["number_of_periods"]
    return (
        f"{GOAL}; assumption: {reach.level:g} days instead, the highest level that the "
        f"routes deliver within {months} months, in whole lots"
    )


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
    """Return the limit of a facility that pays what the others leave of the cover."""
    reach = reaches(case, DAYS_WANTED)
    cover = sum(
        reach[x["id"]].days / DAYS_PER_YEAR * _worth(x) for x in case["materials"]
    )
    limits = sum(x["limit_usd"] for x in case["financing"]["facilities"])
    given = _limit(case, path)
    others = limits - given
    return rounded(max(COST_OF_COVER * cover - others, given), 3), (
        f"assumption: what {rounded(others / BILLION, 3)} billion USD of loan leave; "
        f"the cover is worth {rounded(cover / BILLION, 4)} billion USD at the prices "
        f"of the start, and {COST_OF_COVER:g} times that pays premia, fees and rising "
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
DAYS: Mapping[str, Callable[[Part], dict[str, Figure]]] = {
    EACH_MATERIAL: _days_for_all,
    HIGH_RISK: lambda case: high_risk(case, DAYS_OF_HIGH_RISK),
}
