"""Minerals that the reference case leaves out: one product that needs all of each."""

from collections.abc import Sequence

from service.cases.writing.markets import SourcedNumber
from service.cases.writing.materials import price
from service.cases.writing.tables import Part, content, mineral, rounded
from service.cases.writing.value_added import parameter, priced

MAKERS = {"USA": "industry"}
POOLED_MAKERS = "metal_and_chemical_makers"
# Median over the 42 materials of the reference case, by value in the bills: 5.5.
LOSS_OVER_PRICE = 5.0
CURVE = "usual"


def further_products(needs: dict[str, SourcedNumber], country: str) -> list[Part]:
    """Return a product of tonnes for each further mineral among those needed."""
    further = [row for row in content("further_materials") if row["id"] in needs]
    return [
        _product(row["id"], row["name"], needs[row["id"]], country) for row in further
    ]


def further_of(minerals: Sequence[str]) -> list[str]:
    """Return the minerals that the reference case leaves out."""
    known = {row["id"] for row in content("further_materials")}
    return [m for m in minerals if m in known]


def _product(m: str, name: str, need: SourcedNumber, country: str) -> Part:
    uses = mineral(m)["main_uses"].removesuffix(".") or "all uses"
    loss = LOSS_OVER_PRICE * price(m)[0]
    return {
        "id": f"{m}_goods",
        "name": f"Goods with {name.lower()}",
        "unit": f"t of {name.lower()}",
        "participant": MAKERS.get(country, POOLED_MAKERS),
        "demand_units_per_year": rounded(need.value),
        "growth_per_year": 0.0,
        "demand_volatility_per_year": 0.05,
        "bill_of_materials": [
            {
                "material": m,
                "quantity_per_unit": 1.0,
                "sources": {"quantity_per_unit": f"a unit is a tonne; {uses}"},
            }
        ],
        "shortage_blocks": priced(CURVE, loss, parameter("elasticity")),
        "sources": {
            "demand_units_per_year": f"illustrative: {need.source}",
            "growth_per_year": "assumption: flat demand",
            "demand_volatility_per_year": "assumption: 5 % a year",
            "shortage_blocks": (
                f"assumption: a tonne that is missing loses {LOSS_OVER_PRICE:g} times "
                "its price, about the median of the materials of the reference case; "
                f"curve {CURVE}"
            ),
        },
    }
