"""Products of Team Japan: what a unit loses is taken from a product of the base.

Bills are kilograms a unit, shares of Japan's need, or the rest of it.
"""

from service.cases.writing.bills import KG_PER_TONNE
from service.cases.writing.tables import Part, Row, content, rounded

COMPONENTS = ("magnet_hot",)


def products(case: Part) -> list[Part]:
    """Return components of the base that go on, and Japan's products."""
    base = {x["id"]: x for x in case["products"]}
    return [
        *(base[component] for component in COMPONENTS),
        *(_product(row, base) for row in content("japan/products")),
    ]


def _product(row: Row, base: dict[str, Part]) -> Part:
    like, exposure = base[row["like"]], float(row["exposure"])
    reason = f"as {row['like']} of the reference case"
    if exposure != 1:
        reason += f", times {exposure:g} ({row['units_source'].split('; ')[-1]})"
    return {
        "id": row["id"],
        "name": row["name"],
        "unit": like["unit"],
        "participant": row["participant"],
        "demand_units_per_year": float(row["units_per_year"]),
        "growth_per_year": 0.0,
        "demand_volatility_per_year": 0.05,
        "bill_of_materials": [
            _line(row, line, base) for line in content("japan/bills", product=row["id"])
        ],
        "shortage_blocks": [
            {
                **block,
                "cost_usd_per_unit": rounded(exposure * block["cost_usd_per_unit"], 4),
            }
            for block in like["shortage_blocks"]
        ],
        "sources": {
            "demand_units_per_year": f"illustrative: {row['units_source']}",
            "growth_per_year": "assumption: flat demand",
            "demand_volatility_per_year": "assumption: 5 % a year",
            "shortage_blocks": (
                f"assumption: {reason}; a unit is taken to be worth in Japan what it "
                "is in the United States"
            ),
        },
    }


def _line(product: Row, row: Row, base: dict[str, Part]) -> Part:
    item = "component" if row["item"] in COMPONENTS else "material"
    source = row["source"]
    if row["basis"] == "share":
        source = f"{row['quantity']} of the need of {row['item']}; {source}"
    return {
        item: row["item"],
        "quantity_per_unit": rounded(_tonnes(product, row, base)),
        "sources": {"quantity_per_unit": source},
    }


def _tonnes(product: Row, row: Row, base: dict[str, Part]) -> float:
    """Return tonnes of an item in a unit."""
    if row["basis"] == "kg":
        return float(row["quantity"]) / KG_PER_TONNE
    need = float(content("japan/materials", id=row["item"])[0]["tonnes_per_year"])
    if row["basis"] == "share":
        tonnes = float(row["quantity"]) * need
    else:
        tonnes = need - _of_others(row["item"], base)
    return tonnes / float(product["units_per_year"])


def _of_others(material: str, base: dict[str, Part]) -> float:
    """Return tonnes a year of a material in all lines but the one for the rest."""
    tonnes = 0.0
    for product in content("japan/products"):
        units = float(product["units_per_year"])
        for row in content("japan/bills", product=product["id"]):
            if row["item"] in COMPONENTS:
                inside = base[row["item"]]["bill_of_materials"]
                quantity = sum(
                    x["quantity_per_unit"] for x in inside if x["material"] == material
                )
                tonnes += units * _tonnes(product, row, base) * quantity
            elif row["item"] == material and row["basis"] != "rest":
                tonnes += units * _tonnes(product, row, base)
    return tonnes
