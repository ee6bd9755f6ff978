"""A case whose makers need more or less of a material: what follows from its need."""

from collections.abc import Mapping

from models.horizon import DAYS_PER_YEAR
from models.reading import read_instance
from service.cases.writing.tables import Part, rounded

ROUNDING = 1e-9


def with_needs(case: Part, needs: Mapping[str, float]) -> Part:
    """Return a case whose makers need these tonnes a year: bills in proportion."""
    if not needs:
        return case
    before = needs_of(case)
    factors = {m: tonnes / before[m] for m, tonnes in needs.items()}
    products = [
        {
            **product,
            "bill_of_materials": [
                _line(line, factors.get(line.get("material", ""), 1.0), needs)
                for line in product["bill_of_materials"]
            ],
        }
        for product in case["products"]
    ]
    found = in_proportion({**case, "products": products}, case)
    materials = [
        _with_need_source(x, f"{needs[x['id']]:.6g} t a year, given for this case")
        if x["id"] in needs
        else x
        for x in found["materials"]
    ]
    return {**found, "materials": materials}


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


def _line(line: Part, factor: float, needs: Mapping[str, float]) -> Part:
    if factor == 1.0:
        return line
    source = (
        f"assumption: times {factor:.3g}, since {needs[line['material']]:.6g} t a year "
        f"were given for this case; {line['sources']['quantity_per_unit']}"
    )
    return {
        **line,
        "quantity_per_unit": rounded(factor * line["quantity_per_unit"]),
        "sources": {**line["sources"], "quantity_per_unit": source},
    }


def _with_need_source(part: Part, source: str) -> Part:
    return {**part, "sources": {**part["sources"], "participants_need": source}}
