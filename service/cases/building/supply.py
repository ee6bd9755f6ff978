"""Events, contracts and ways of sourcing that fit the horizon and routes of a case."""

import datetime as dt

from models.reading import read_instance
from service.cases.building.financing import without_field
from service.cases.building.order import CaseOrder
from service.cases.writing.origins import OTHERS
from service.cases.writing.tables import Part, fragment

DAYS_PER_MONTH = 30.4375


def with_events(case: Part, order: CaseOrder) -> Part:
    """Return a case with the events within its horizon that cut a route of it.

    A material that none hits gets one of its largest supplier.
    """
    start = dt.date.fromisoformat(str(case["horizon"]["start"]))
    end = start + dt.timedelta(days=DAYS_PER_MONTH * order.months)
    events = [
        event
        for event in case["events"]
        if _cuts(event, case["routes"])
        and dt.date.fromisoformat(str(event.get("onset_date", start))) < end
    ]
    replays = [
        {**x, "disruptions": kept}
        for x in case["replays"]
        if (kept := [y for y in x["disruptions"] if _cuts(y, case["routes"])])
    ]
    hit = {m for event in events for m in event["materials"]}
    more = [
        _supplier_stops(material, case["routes"], order.country)
        for material in case["materials"]
        if material["id"] not in hit
    ]
    return {**case, "events": [*events, *more], "replays": replays}


def _supplier_stops(material: Part, routes: list[Part], country: str) -> Part:
    """Return an event of the largest supplier of a material, abroad if there is one."""
    m = material["id"]
    found: dict[str, float] = {}
    for route in routes:
        origin = route["refining_country"]
        if route["material"] == m and route["kind"] == "primary" and origin != OTHERS:
            found[origin] = found.get(origin, 0.0) + route["share"]
    abroad = {x: share for x, share in found.items() if x != country}
    known = abroad or found or {OTHERS: 1.0}
    largest = max(known, key=lambda origin: known[origin])
    return {
        "id": f"{m}_supplier_stops",
        "name": f"Exports of {material['name'].lower()} by its largest supplier halve",
        "country": largest,
        "stage": "refining",
        "materials": [m],
        **fragment("users_elsewhere")["supplier_stops"],
    }


def _cuts(event: Part, routes: list[Part]) -> bool:
    sides = {
        "mining": ("mining_country",),
        "refining": ("refining_country",),
        "both": ("mining_country", "refining_country"),
    }[event["stage"]]
    return any(
        route["material"] in event["materials"]
        and any(route[side] == event["country"] for side in sides)
        for route in routes
    )


def with_contracts_in_time(case: Part, months: int) -> Part:
    """Return a case whose contracts, offers and ramps end with the horizon."""
    contracts = [
        {**x, "term_periods": min(x["term_periods"], months - x["start_period"])}
        for x in case["contracts"]
        if x["start_period"] < months
    ]
    offers = [
        {**x, "repurchase_period": min(x["repurchase_period"], months - 1)}
        if "repurchase_period" in x
        else x
        for x in case["entitlement_offers"]
    ]
    return {**case, "contracts": contracts, "entitlement_offers": offers}


def with_sourcing(case: Part) -> Part:
    """Return a case with the ways of sourcing that some route serves in time.

    Countries in which nothing is refined are left out of those that list countries.
    """
    zone = set(case["trade"]["zone_countries"])
    months = case["horizon"]["number_of_periods"]
    routes, refining = case["routes"], {x["refining_country"] for x in case["routes"]}
    options = [
        {**option, "origins": [x for x in option["origins"] if x in refining]}
        if isinstance(option["origins"], list)
        else option
        for option in case["sourcing_options"]
    ]
    operation = read_instance(case).index.operation
    if not any(any(x.lacking_usd_per_tonne) for x in operation):
        options = [without_field(x, "pays_operating_cost") for x in options]
    return {
        **case,
        "sourcing_options": [
            option
            for option in options
            if any(_serves(route, option["origins"], zone) for route in routes)
            if option["origins"] and option["build_up_periods"] <= months
        ],
    }


def _serves(route: Part, origins: str | list[str], zone: set[str]) -> bool:
    match origins:
        case "any":
            return True
        case "zone":
            return {route["mining_country"], route["refining_country"]} <= zone
        case "recycling":
            return route["kind"] == "recycling"
        case _:
            return route["refining_country"] in origins
