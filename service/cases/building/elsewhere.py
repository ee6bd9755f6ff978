"""The reference case for users elsewhere: their need, their routes, their makers.

Needs are those of the United States in proportion to manufacturing; materials and
losses of a unit are those of the reference case. Makers of a kind are pooled.
"""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from service.cases.building.countries import (
    UNITED_STATES,
    WORLD,
    in_sentence,
    industry_of,
)
from service.cases.building.flows import routes_elsewhere
from service.cases.building.further import further_products
from service.cases.building.order import CaseOrder
from service.cases.writing.assembling import largest_origin
from service.cases.writing.markets import SourcedNumber, in_market
from service.cases.writing.materials import material, yearly_need
from service.cases.writing.needs import need_source
from service.cases.writing.routes import Users, accessible_tonnes, routes
from service.cases.writing.tables import (
    Part,
    content,
    fragment,
    material_row,
    mineral,
    rounded,
)

LOT_DAYS = 2.0
DAYS_PER_YEAR = 365.25


def elsewhere(reference: Part, order: CaseOrder, minerals: Sequence[str]) -> Part:
    """Return materials, routes, participants, products and events of some minerals.

    For the United States they are materials that the reference case leaves out.
    """
    ratio = industry_of(order.country, UNITED_STATES)
    zone = [*reference["trade"]["zone_countries"], order.country]
    name = in_sentence(order.country)
    by_material: dict[str, list[Part]] = {}
    materials: list[Part] = []
    needs = {m: need_elsewhere(m, order) for m in minerals}
    base = {x["id"]: x for x in reference["materials"]}
    for m, need in needs.items():
        users = Users(order.country, name, need.value, zone)
        by_material[m] = parts = (
            routes(material_row(m))
            if order.country == UNITED_STATES
            else routes_elsewhere(m, users)
        )
        own = base.get(m) or material(
            material_row(m), largest_origin(parts), accessible_tonnes(parts)
        )
        materials.append(in_market(own, need, _lot(m, need.value), parts))
    is_at_home = order.country == UNITED_STATES
    pooled = [] if is_at_home else _products(reference, order, ratio)
    products = [*pooled, *further_products(needs, order.country)]
    return {
        "materials": materials,
        "routes": [x for parts in by_material.values() for x in parts],
        "participants": reference["participants"]
        if is_at_home
        else _participants(reference),
        "products": products,
        "events": _events(reference, order.country),
    }


def need_elsewhere(m: str, order: CaseOrder) -> SourcedNumber:
    """Return tonnes of a material that users need in a year, by their industry.

    A share of what the world makes, or, where that is not known, of what the United
    States need.
    """
    if order.country == UNITED_STATES:
        return SourcedNumber(yearly_need(m), need_source(m))
    table = f"manufacturing_value_added.csv {order.country}"
    if world := mineral(m)["world_production_t"]:
        share = industry_of(order.country, WORLD)
        return SourcedNumber(
            share * float(world),
            f"assumption: {100 * share:.3g} % of the {float(world):,.6g} t that the "
            f"world makes (minerals.csv {m} world_production_t), as manufacturing is "
            f"of the world's ({table}, {WORLD})",
        )
    share = industry_of(order.country, UNITED_STATES)
    return SourcedNumber(
        share * yearly_need(m),
        f"assumption: {100 * share:.3g} % of the {yearly_need(m):,.6g} t of the United "
        f"States ({need_source(m)}), as manufacturing is of theirs ({table}, "
        f"{UNITED_STATES})",
    )


def _lot(m: str, need: float) -> float:
    """Return the lot of the reference case, or about two days of a small need."""
    lot = float(material_row(m)["lot_tonnes"])
    return min(lot, rounded(LOT_DAYS * need / DAYS_PER_YEAR, 1))


def _participants(reference: Part) -> list[Part]:
    """Return a participant for each kind of maker, as the first one of its kind."""
    sector = {row["participant"]: row for row in content("sectors")}
    found: dict[str, Part] = {}
    for part in reference["participants"]:
        row = sector[part["id"]]
        pooled: Part = {**part, "id": row["sector"], "name": f"{row['name']} (pooled)"}
        found.setdefault(row["sector"], pooled)
    return [*found.values()]


def _products(reference: Part, order: CaseOrder, ratio: float) -> list[Part]:
    """Return the components, and the products of pooled makers in proportion."""
    pooled = fragment("users_elsewhere")["pooled_products"]
    sector = {row["participant"]: row["sector"] for row in content("sectors")}
    groups: dict[str, list[Part]] = {}
    found: list[Part] = []
    for part in reference["products"]:
        if "participant" not in part:
            found.append(part)
            continue
        identity = pooled.get(part["id"], {})
        scaled: Part = {
            **part,
            **identity,
            "participant": sector[part["participant"]],
            "demand_units_per_year": ratio * part["demand_units_per_year"],
            "sources": {
                **part["sources"],
                "demand_units_per_year": _units_source(part, order, ratio),
                "shortage_blocks": (
                    f"assumption: a unit loses in {in_sentence(order.country)} what it "
                    f"loses in the United States, {part['sources']['shortage_blocks']}"
                ),
            },
        }
        groups.setdefault(scaled["id"], []).append(scaled)
    return [*found, *map(_pooled, groups.values())]


def _units_source(part: Part, order: CaseOrder, ratio: float) -> str:
    return (
        "illustrative: of the United States, "
        f"{part['sources']['demand_units_per_year'].removeprefix('illustrative: ')}; "
        "assumption: "
        f"times {ratio:.3g}, as manufacturing in {in_sentence(order.country)} is of "
        f"theirs (manufacturing_value_added.csv {order.country})"
    )


def _pooled(parts: list[Part]) -> Part:
    """Return one product for several of a kind: their units, and means of a unit."""
    units = sum(x["demand_units_per_year"] for x in parts)
    shares = [x["demand_units_per_year"] / units for x in parts]
    first = parts[0]
    lines: dict[tuple[str, str], Part] = {}
    for part, share in zip(parts, shares, strict=True):
        for line in part["bill_of_materials"]:
            key = (line.get("material", ""), line.get("component", ""))
            quantity = share * line["quantity_per_unit"]
            if key in lines:
                quantity += lines[key]["quantity_per_unit"]
            lines[key] = {**line, "quantity_per_unit": quantity}
    blocks = [
        {
            **block,
            "cost_usd_per_unit": rounded(
                _mean(shares, (x["shortage_blocks"][i] for x in parts)), 4
            ),
        }
        for i, block in enumerate(first["shortage_blocks"])
    ]
    bill = [
        {**x, "quantity_per_unit": rounded(x["quantity_per_unit"])}
        for x in lines.values()
    ]
    return {
        **first,
        "demand_units_per_year": rounded(units),
        "bill_of_materials": bill,
        "shortage_blocks": blocks,
    }


def _mean(shares: Iterable[float], blocks: Iterable[Mapping[str, Any]]) -> float:
    return sum(
        share * block["cost_usd_per_unit"]
        for share, block in zip(shares, blocks, strict=True)
    )


def _events(reference: Part, country: str) -> list[Part]:
    """Return the events that hit users of a country."""
    if country == UNITED_STATES:
        return reference["events"]
    terms = fragment("users_elsewhere")
    not_here = terms["events_of_the_united_states"]
    at_home = terms["events_at_home_too"]
    return [
        event
        for event in reference["events"]
        if event["id"] not in not_here
        and (event["country"] != country or event["id"] in at_home)
    ]
