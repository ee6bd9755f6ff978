"""The products of a case: demand, bill of materials, convex shortage cost."""

from service.cases.writing.bills import bill
from service.cases.writing.tables import Part, Row
from service.cases.writing.value_added import blocks, source


def product(row: Row) -> Part:
    """Return a product in the form of the case."""
    part: Part = {"id": row["id"], "name": row["name"], "unit": row["unit"]}
    if not row["participant"]:
        return {**part, "bill_of_materials": bill(row), "sources": {}}
    return {
        **part,
        "participant": row["participant"],
        "demand_units_per_year": float(row["units_per_year"]),
        "growth_per_year": 0.0,
        "demand_volatility_per_year": 0.05,
        "bill_of_materials": bill(row),
        "shortage_blocks": blocks(row),
        "sources": {
            "demand_units_per_year": f"illustrative: {row['units_source']}",
            "growth_per_year": "assumption: flat demand",
            "demand_volatility_per_year": "assumption: 5 % a year",
            "shortage_blocks": source(row),
        },
    }
