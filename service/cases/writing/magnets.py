"""Writes magnets.yaml, a part of the reference case that solves in seconds.

python -m service.cases.writing.magnets
"""

from service.cases.writing.assembling import project_vault, write
from service.cases.writing.tables import Part

MODULE = "service.cases.writing.magnets"
MATERIALS = frozenset({"ndpr_oxide", "dysprosium", "terbium"})
PARTICIPANTS = ("gm", "ge_vernova", "western_digital", "industry")
PRODUCTS = (
    "magnet_standard",
    "magnet_hot",
    "gm_electric_vehicle",
    "wind_turbine",
    "hard_disk",
    "motor_and_robot",
)
EVENTS = (
    "heavy_rare_earth_licences",
    "rare_earth_second_wave",
    "magnet_rare_earth_ban",
)
RULES = (
    "immediate_full",
    "constant_rate_6",
    "hedging_light",
    "hedging_medium",
    "hedging_strong",
    "half_for_severe",
)
LEVELS = [5, 10, 15, 20, 30, 60]
PERIODS = 24
LIMITS_USD = {"loan": 15_000_000, "private_capital": 3_000_000}
LENDERS_TERMS = ("order", "accrues", "collateral_cover")
DRAWN = (
    "assumption: no schedule is published; disbursed against expenses, loan and "
    "capital in proportion"
)
OPTIONS: Part = {
    "number_of_scenarios": 200,
    "seed": 7,
    "max_tranches": 4,
    "gap": 0.02,
    "time_limit_s": 120,
}


def magnets() -> Part:
    """Return the magnet case."""
    whole = project_vault(with_chains=False)
    case: Part = {
        **whole,
        "id": "magnets",
        "name": "Magnets",
        "description": (
            "Quickstart: the magnet rare earths for four makers over 24 months, "
            "with 15 million US dollars of loan and 3 of capital. A part of the "
            "reference case."
        ),
        "horizon": {**whole["horizon"], "number_of_periods": PERIODS},
        "materials": [_material(x) for x in whole["materials"] if x["id"] in MATERIALS],
        "storage_classes": _chosen(whole["storage_classes"], ("sealed",)),
        "routes": [x for x in whole["routes"] if x["material"] in MATERIALS],
        "participants": _chosen(whole["participants"], PARTICIPANTS),
        "products": [_product(x) for x in _chosen(whole["products"], PRODUCTS)],
        "sourcing_options": _chosen(whole["sourcing_options"], ("any_fast", "zone")),
        "rules": _chosen(whole["rules"], RULES),
        "levels_days_of_cover": LEVELS,
        "entitlement_offers": [
            {k: v for k, v in x.items() if k != "repurchase_period"}
            for x in whole["entitlement_offers"]
            if x["material"] in MATERIALS and x["participant"] in PARTICIPANTS
        ],
        # A firm contract is signed or not: that choice alone takes minutes to prove.
        "contracts": [],
        "financing": _financing(whole["financing"]),
        "events": [_hit(x) for x in _chosen(whole["events"], EVENTS)],
        "replays": [
            {**x, "disruptions": [_hit(y) for y in x["disruptions"]]}
            for x in _chosen(whole["replays"], ("rare_earths_2010",))
        ],
        "published_losses": [
            x for x in whole["published_losses"] if set(x["materials"]) <= MATERIALS
        ],
        "unmodelled": [],
        "options": OPTIONS,
    }
    case["trade"] = {
        **whole["trade"],
        "price_floors": [
            x for x in whole["trade"]["price_floors"] if x["material"] in MATERIALS
        ],
    }
    return case


def _chosen(parts: list[Part], identifiers: tuple[str, ...]) -> list[Part]:
    return [part for part in parts if part["id"] in identifiers]


def _material(part: Part) -> Part:
    sources = dict(part["sources"])
    sources["participants_need"] = "sum of the bills of materials of this case"
    for field in ("market_capacity_tonnes_per_year", "emergency_tonnes_per_year"):
        sources[field] += ", as in the reference case"
    return {**part, "sources": sources}


def _product(part: Part) -> Part:
    bill = [
        line
        for line in part["bill_of_materials"]
        if line.get("material") in MATERIALS or line.get("component") in PRODUCTS
    ]
    return {**part, "bill_of_materials": bill}


def _hit(part: Part) -> Part:
    return {**part, "materials": [m for m in part["materials"] if m in MATERIALS]}


def _financing(part: Part) -> Part:
    """Return two facilities, drawn in proportion: no lender asks for a cover here."""
    facilities: list[Part] = []
    for facility in _chosen(part["facilities"], tuple(LIMITS_USD)):
        sources = {
            **facility["sources"],
            "drawn": DRAWN,
            "limit_usd": "assumption: small enough that cover must be chosen",
        }
        terms = {**facility, "limit_usd": LIMITS_USD[facility["id"]]}
        facilities.append(
            {
                **_without(terms, LENDERS_TERMS),
                "sources": _without(sources, LENDERS_TERMS),
            }
        )
    sources = _without(part["sources"], LENDERS_TERMS)
    return {
        **_without(part, LENDERS_TERMS),
        "facilities": facilities,
        "sources": sources,
    }


def _without(part: Part, fields: tuple[str, ...]) -> Part:
    return {key: value for key, value in part.items() if key not in fields}


if __name__ == "__main__":
    write(magnets(), MODULE)
