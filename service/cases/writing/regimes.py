"""How often China tightens a control: two regimes, counted in disruption_events.csv.

The rate of a regime is the number of its controls over its years and over the bundles
of materials that a control can hit; a hazard mixes both by their weights.
"""

import datetime as dt
from functools import cache

from service.cases.writing.tables import Part, Row, content, data, fragment, rounded

BY_REGIME = "by_regime"
COUNTRY = "China"
CONTROLS = ("export_licence", "export_quota", "export_ban")
DAYS_PER_YEAR = 365.25
# Words of export_controls_in_force.csv for materials with other names.
NAMES = {
    "graphite_natural": "graphite",
    "magnesium_metal": "magnesium",
    "ndpr_oxide": "rare earths",
    "dysprosium": "rare earths",
    "terbium": "rare earths",
    "samarium": "rare earths",
    "gadolinium": "rare earths",
    "lutetium": "rare earths",
    "yttrium": "rare earths",
}


def events() -> list[Part]:
    """Return the events of the case, with the hazards that follow from regimes."""
    return [_with_hazard(event) for event in fragment("events")["events"]]


def rate(regime: Row) -> float:
    """Return controls a year and bundle in a regime."""
    first, last = (dt.date.fromisoformat(regime[key]) for key in ("first", "last"))
    years = ((last - first).days + 1) / DAYS_PER_YEAR
    return len(_controls(regime)) / years / _bundles()


def hazard() -> float:
    """Return the hazard a year that a bundle is hit, over both regimes."""
    return sum(float(x["weight"]) * rate(x) for x in content("regimes"))


def is_controlled(material: str) -> bool:
    """Say whether a Chinese licence for a material is in force at the start."""
    row = data("export_controls_in_force", country=COUNTRY)[0]
    return NAMES.get(material, material) in row["commodities_and_year"].lower()


@cache
def _bundles() -> int:
    """Return the number of bundles of materials that Chinese controls can hit."""
    return len(
        {
            tuple(event["materials"])
            for event in fragment("events")["events"]
            if event.get("hazard_per_year") == BY_REGIME
        }
    )


def _controls(regime: Row) -> list[str]:
    """Return the controls on exports to all countries that came into force.

    Bans on one country and suspended controls are dated events of their own.
    """
    return [
        row["event_id"]
        for row in data("disruption_events", country=COUNTRY)
        if row["measure_type"] in CONTROLS
        and row["scope"] == "world"
        and not row["status"].startswith("suspended")
        and regime["first"] <= _day(row["date"]) <= regime["last"]
    ]


def _day(text: str) -> str:
    """Return a date, or the first day of a month or year."""
    return text + "-01-01"[len(text) - len("2010") :]


def _with_hazard(event: Part) -> Part:
    if event.get("hazard_per_year") != BY_REGIME:
        return event
    counted = "; ".join(
        f"{x['regime']} {x['first'][:4]}-{x['last'][:4]}: {len(_controls(x))} controls "
        f"({', '.join(_controls(x))}), {rate(x):.3g} a year and bundle, weight "
        f"{x['weight']}"
        for x in content("regimes")
    )
    sources = {
        **event["sources"],
        "hazard_per_year": (
            f"disruption_events.csv over {_bundles()} bundles: {counted}; "
            "assumption: weights, as one regime may follow the other"
        ),
    }
    return {**event, "hazard_per_year": rounded(hazard(), 3), "sources": sources}
