"""Team Japan: the reference case with Japan's makers, routes, contracts and lenders.

Prices, volatility, stores, rules, levels and most events are those of the reference
case; needs, routes, products, money and contracts are Japan's (content/japan).
"""

from service.cases.writing.cover import Reach, reaches
from service.cases.writing.markets import SourcedNumber, in_market
from service.cases.writing.tables import Part, Row, content, fragment, rounded
from service.cases.writing.team_japan_products import products
from service.cases.writing.team_japan_routes import routes

DAYS_WANTED = 60
# Premia, fees, interest, rising prices and refills, beside the price of the cover.
COST_OF_COVER = 1.8
DAYS_PER_YEAR = 365.25
CAPITAL_SHARE = 0.25
# The state guarantees what JOGMEC borrows, whatever its capital.
LEVERAGE = "debt_to_equity_limit"
HIGH_RISK_EVENT = "china_halts_exports_to_japan"
GOAL = "JOGMEC: 60 days as a rule (IEA policies/16639)"
HIGH_RISK_GOAL = (
    "JOGMEC: such as 180 days where geopolitical risk is high (IEA policies/16639); "
    "assumption: what China would halt"
)
# Sections that Team Japan replaces. The others are those of the reference case.
REPLACED = (
    "materials",
    "routes",
    "treatment_charges",
    "participants",
    "products",
    "sourcing_options",
    "entitlement_offers",
    "contracts",
    "financing",
    "events",
    "replays",
    "published_losses",
    "unmodelled",
)


def team_japan(case: Part) -> Part:
    """Return the reference case with what is Japan's in it."""
    terms = fragment("japan/terms")
    by_material = {row["id"]: routes(row) for row in content("japan/materials")}
    base = {x["id"]: x for x in case["materials"]}
    found: Part = {
        **case,
        "materials": [
            _material(base[row["id"]], row, by_material[row["id"]])
            for row in content("japan/materials")
        ],
        "routes": [route for parts in by_material.values() for route in parts],
        "treatment_charges": terms["treatment_charges"],
        "participants": terms["participants"],
        "products": products(case),
        "sourcing_options": terms["sourcing_options"],
        "entitlement_offers": [],
        "contracts": terms["contracts"],
        "events": _events(case, terms),
        "replays": _replays(case),
        "published_losses": terms["published_losses"],
        "unmodelled": [
            {"id": x["id"], "name": x["name"], "reason": x["reason"]}
            for x in content("japan/unmodelled")
        ],
    }
    found = _covered(found)
    return {**found, "financing": _financing(case, found, terms["financing"])}


def overlay(case: Part, wanted: Part) -> Part:
    """Return the overlay that makes Team Japan out of the reference case."""
    japan = team_japan(case)
    patch = {section: japan[section] for section in REPLACED}
    patch["financing"] = _patch_of_financing(japan)
    return {**wanted, "patch": patch}


def _patch_of_financing(case: Part) -> Part:
    """Return what Team Japan changes of financing, as a merge patch has it."""
    financing = case["financing"]
    sources = {"pool_sale_price": financing["sources"]["pool_sale_price"]}
    kept = {key: financing[key] for key in ("facilities", "pool_sale_price")}
    return {**kept, LEVERAGE: None, "sources": {**sources, LEVERAGE: None}}


def high_risk(case: Part, days: float) -> dict[str, tuple[float, str]]:
    """Return the minimum cover of what China refines, as far as routes deliver it.

    Of what routes deliver no more of than the case has at least, there is none.
    """
    reach = reaches(case, days)
    halted = next(x for x in case["events"] if x["id"] == HIGH_RISK_EVENT)
    lowest = {x["id"]: x["minimum_days_of_cover"] for x in case["materials"]}
    return {
        m: (reach[m].days, _cover_source(HIGH_RISK_GOAL, days, reach[m]))
        for m in halted["materials"]
        if reach[m].days > lowest[m]
    }


def _cost_of(case: Part, days: dict[str, float]) -> float:
    """Return what it costs to buy days of cover of each material, US dollars."""
    need = {x["id"]: float(x["tonnes_per_year"]) for x in content("japan/materials")}
    worth = sum(
        days.get(x["id"], 0.0) * need[x["id"]] * x["price_usd_per_tonne"]
        for x in case["materials"]
    )
    return COST_OF_COVER * worth / DAYS_PER_YEAR


def _material(base: Part, row: Row, parts: list[Part]) -> Part:
    """Return a material of the reference case with Japan's need and market."""
    need = SourcedNumber(float(row["tonnes_per_year"]), row["source"])
    found = in_market(base, need, float(row["lot_tonnes"]), parts)
    if not row["price"]:
        return found
    sources = {**found["sources"], "price_usd_per_tonne": row["price_source"]}
    return {**found, "price_usd_per_tonne": float(row["price"]), "sources": sources}


def _covered(case: Part) -> Part:
    """Return a case whose reserve has 60 days, or what routes deliver, at least."""
    reach = reaches(case, DAYS_WANTED)
    in_reserve = {x["id"]: x["reserve"] == "yes" for x in content("japan/materials")}
    materials: list[Part] = []
    for material in case["materials"]:
        m = material["id"]
        days, source = (
            (reach[m].days, _cover_source(GOAL, DAYS_WANTED, reach[m]))
            if in_reserve[m]
            else (0.0, "not one of Japan's 34 rare metals (IEA policies/16639)")
        )
        sources = {**material["sources"], "minimum_days_of_cover": source}
        materials.append(
            {**material, "minimum_days_of_cover": days, "sources": sources}
        )
    return {**case, "materials": materials}


def _cover_source(goal: str, wanted: float, reach: Reach) -> str:
    if reach.days == wanted:
        return goal
    return (
        f"{goal}; assumption: {reach.level:g} days instead, the highest level that the "
        "routes deliver within the horizon, in whole lots"
    )


def _financing(case: Part, japan: Part, terms: Part) -> Part:
    days = {x["id"]: x["minimum_days_of_cover"] for x in japan["materials"]}
    shares = {"jogmec_loan": 1 - CAPITAL_SHARE, "state_capital": CAPITAL_SHARE}
    cost = _cost_of(japan, days)
    facilities: list[Part] = []
    for facility in terms["facilities"]:
        share = shares.get(facility["id"])
        if share is None:
            facilities.append(facility)
            continue
        source = _limit_source(share)
        sources = {"limit_usd": source, **facility["sources"]}
        limit = rounded(share * cost, 3)
        facilities.append({**facility, "limit_usd": limit, "sources": sources})
    base = {k: v for k, v in case["financing"].items() if k != LEVERAGE}
    sources = {k: v for k, v in base["sources"].items() if k != LEVERAGE}
    sources |= terms["sources"]
    return {**base, **terms, "facilities": facilities, "sources": sources}


def _limit_source(share: float) -> str:
    """Return where the limit of a facility that pays for the cover comes from."""
    return (
        f"assumption: {100 * share:.3g} % of what the minimum cover costs, "
        f"{COST_OF_COVER:g} times its price at the start, which pays premia, fees and "
        "rising prices and refills; quantities and budgets of JOGMEC are secret"
    )


def _events(case: Part, terms: Part) -> list[Part]:
    """Return events of the reference case that hit a route of Japan, and its own."""
    named = {x["id"]: x for x in case["events"]}
    kept = [_hit(named[event]) for event in terms["kept_events"]]
    return [*kept, *terms["events"]]


def _replays(case: Part) -> list[Part]:
    return [
        {**x, "disruptions": [_hit(y) for y in x["disruptions"]]}
        for x in case["replays"]
    ]


def _hit(part: Part) -> Part:
    modelled = {row["id"] for row in content("japan/materials")}
    return {**part, "materials": [m for m in part["materials"] if m in modelled]}
