"""A case whose makers need more or less of a material: what follows from its need."""

from collections.abc import Mapping

from models.horizon import DAYS_PER_YEAR
from models.reading import read_instance
from service.cases.writing.tables import Part, rounded

ROUNDING = 1e-9
LITTLE_MORE = 1.001  # so that rounding leaves it above


def with_needs(case: Part, needs: Mapping[str, float]) -> Part:
    """Return a case whose makers need these tonnes a year, with what follows of it."""
    if not needs:
        return case
    found = in_proportion(with_bills(case, needs, "as given for this case"), case)
    materials = [
        _with_need_source(x, f"{needs[x['id']]:.6g} t a year, given for this case")
        if x["id"] in needs
        else x
        for x in found["materials"]
    ]
    return {**found, "materials": materials}


def with_output(case: Part, needs: Mapping[str, float]) -> Part:
    """Return a case that makes as much of each product as its materials are needed.

    By the mean over the materials of a unit, weighted by value; what is left is in the
    bills, which then add up to the needs.
    """
    instance = read_instance(case)
    before = needs_of(case)
    prices = {x.id: x.price_usd_per_tonne for x in instance.materials}
    products: list[Part] = []
    for part in case["products"]:
        if "participant" not in part:
            products.append(part)
            continue
        unit = instance.index.tonnes_per_unit[part["id"]]
        worth = {m: tonnes * prices[m] for m, tonnes in unit.items()}
        factor = sum(x * needs[m] / before[m] for m, x in worth.items())
        factor /= sum(worth.values())
        source = (
            f"{part['sources']['demand_units_per_year']}; assumption: times "
            f"{factor:.3g}, as what its makers need of its materials"
        )
        sources = {**part["sources"], "demand_units_per_year": source}
        units = rounded(factor * part["demand_units_per_year"])
        products.append({**part, "demand_units_per_year": units, "sources": sources})
    return with_bills({**case, "products": products}, needs, "so that bills add up")


def with_bills(case: Part, needs: Mapping[str, float], reason: str) -> Part:
    """Return a case whose bills add up to needs, in tonnes a year."""
    before = needs_of(case)
    factors = {m: tonnes / before[m] for m, tonnes in needs.items()}
    products = [
        {
            **product,
            "bill_of_materials": [
                _line(line, factors.get(line.get("material", ""), 1.0), reason)
                for line in product["bill_of_materials"]
            ],
        }
        for product in case["products"]
    ]
    return _above_metal({**case, "products": products})


def _above_metal(case: Part) -> Part:
    """Return a case of which no line stops for less than its dearest metal costs."""
    instance = read_instance(case)
    terms = {
        x.id: x.emergency_premium * x.price_usd_per_tonne for x in instance.materials
    }
    products: list[Part] = []
    for part in case["products"]:
        unit = instance.index.tonnes_per_unit[part["id"]]
        metal = max((terms[m] * tonnes for m, tonnes in unit.items()), default=0.0)
        blocks = part.get("shortage_blocks", [])
        if not blocks or blocks[-1]["cost_usd_per_unit"] >= metal:
            products.append(part)
            continue
        factor = LITTLE_MORE * metal / blocks[-1]["cost_usd_per_unit"]
        raised = [
            {**x, "cost_usd_per_unit": rounded(factor * x["cost_usd_per_unit"], 5)}
            for x in blocks
        ]
        source = (
            f"{part['sources']['shortage_blocks']}; assumption: times {factor:.3g}, up "
            "to the price of its dearest metal at emergency terms"
        )
        sources = {**part["sources"], "shortage_blocks": source}
        products.append({**part, "shortage_blocks": raised, "sources": sources})
    return {**case, "products": products}


def needs_of(case: Part) -> dict[str, float]:
    """Return what the makers of a case need, tonnes a year."""
    needs = read_instance(case).index.need_tonnes_per_day
    return {m: DAYS_PER_YEAR * tonnes for m, tonnes in needs.items()}


def in_proportion(case: Part, whole: Part) -> Part:
    """Return a case whose markets follow its needs, as those of the whole do theirs."""
    before, after = needs_of(whole), needs_of(case)
    factors = {m: after[m] / before[m] for m in after}
    materials: list[Part] = []
    for part in case["materials"]:
        m, factor = part["id"], factors[part["id"]]
        if abs(factor - 1) < ROUNDING:
            materials.append(part)
            continue
        fields = ("market_capacity_tonnes_per_year", "emergency_tonnes_per_year")
        scaled = {field: rounded(factor * part[field]) for field in fields}
        impact = [
            {**x, "tonnes_per_year": rounded(factor * x["tonnes_per_year"])}
            for x in part["price_impact"]
        ]
        source = (
            f"{after[m]:.6g} t a year of the makers here, of {before[m]:.6g} t; "
            f"{part['sources']['participants_need']}"
        )
        materials.append(
            _with_need_source({**part, **scaled, "price_impact": impact}, source)
        )
    routes = [_route(x, factors[x["material"]]) for x in case["routes"]]
    return {**case, "materials": materials, "routes": routes}


def _route(part: Part, factor: float) -> Part:
    if "vault_tonnes_per_year" not in part:
        return part
    tonnes = rounded(factor * part["vault_tonnes_per_year"], 4)
    return {**part, "vault_tonnes_per_year": tonnes}


def _line(line: Part, factor: float, reason: str) -> Part:
    if abs(factor - 1.0) < ROUNDING:
        return line
    source = (
        f"assumption: times {factor:.3g}, {reason}; "
        f"{line['sources']['quantity_per_unit']}"
    )
    return {
        **line,
        "quantity_per_unit": rounded(factor * line["quantity_per_unit"]),
        "sources": {**line["sources"], "quantity_per_unit": source},
    }


def _with_need_source(part: Part, source: str) -> Part:
    return {**part, "sources": {**part["sources"], "participants_need": source}}
