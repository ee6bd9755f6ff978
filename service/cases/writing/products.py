"""The products of a case: demand, bill of materials, convex shortage cost."""

from service.cases.writing.bills import bill
from service.cases.writing.tables import Part, Row, content, rounded

SLICES = (
    ("thrift", 0.05, 0.05),
    ("substitution", 0.10, 0.15),
    ("line_stop", 0.25, 0.50),
    ("line_stop", 0.30, 0.80),
    ("line_stop", 0.30, 1.00),
)
SLICES_SOURCE = (
    "slices: assumption: 5 % by thrift, 10 % by substitution, then lines stop, the "
    "least valuable ones first (5, 15, 50, 80 and 100 % of the loss)"
)


def loss_per_unit(row: Row) -> float:
    """Return what is lost for each unit when all lines stop, US dollars."""
    return float(row["loss_usd_per_unit"]) * factor(row["targets"])


def factor(target: str) -> float:
    """Return the calibrated factor of a material's products; 1 without a target."""
    found = content("loss_factors", material=target) if target else []
    return float(found[0]["factor"]) if found else 1.0


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
        "shortage_blocks": blocks(loss_per_unit(row)),
        "sources": {
            "demand_units_per_year": f"illustrative: {row['units_source']}",
            "growth_per_year": "assumption: flat demand",
            "demand_volatility_per_year": "assumption: 5 % a year",
            "shortage_blocks": _loss_source(row),
        },
    }


def blocks(loss: float) -> list[Part]:
    """Return the slices of a shortage with their costs."""
    return [
        {"kind": kind, "share": share, "cost_usd_per_unit": rounded(weight * loss, 4)}
        for kind, share, weight in SLICES
    ]


def _loss_source(row: Row) -> str:
    usd = float(row["loss_usd_per_unit"])
    start = f"assumption: {usd:g} USD a unit, {row['loss_source']}"
    target = row["targets"]
    found = content("loss_factors", material=target) if target else []
    if not found:
        return f"{start}; {SLICES_SOURCE}"
    return (
        f"calibrated: {start}, x {found[0]['factor']} so that a year without "
        f"{found[0]['country']} {target} costs {found[0]['loss_usd']} USD "
        f"({found[0]['source']}); {SLICES_SOURCE}"
    )
