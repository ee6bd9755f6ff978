"""Bills of materials in tonnes a unit: kilograms, shares of the need, or the rest."""

from collections.abc import Mapping

from service.cases.writing.needs import total_need
from service.cases.writing.tables import Part, Row, content, rounded

KG_PER_TONNE = 1000.0

Needs = dict[str, float]


def bill(product: Row) -> list[Part]:
    """Return the bill of a product in the form of the case."""
    return [_line(product, row) for row in content("bills", product=product["id"])]


def bottom_up(material: str, *, without_rest: bool = False) -> float:
    """Return tonnes a year that all products need, by their bills."""
    return sum(
        float(product["units_per_year"])
        * _tonnes(product, material, without_rest=without_rest)
        for product in content("products")
        if product["participant"]
    )


def tonnes_per_unit(product: str, material: str) -> float:
    """Return tonnes of a material in a unit of a product, with its components."""
    row = content("products", id=product)[0]
    return _tonnes(row, material, without_rest=False)


def materials_of(product: str) -> list[str]:
    """Return the materials of a product and of its components."""
    found: list[str] = []
    for row in content("bills", product=product):
        inside = materials_of(row["item"]) if row["item"] in _components() else []
        found += [m for m in inside or [row["item"]] if m not in found]
    return found


def bottom_up_by_participant(material: str, participant: str) -> float:
    """Return tonnes a year that the products of one participant need."""
    return sum(
        float(row["units_per_year"]) * _tonnes(row, material, without_rest=False)
        for row in content("products", participant=participant)
    )


def _tonnes(product: Row, material: str, *, without_rest: bool) -> float:
    total = 0.0
    for row in content("bills", product=product["id"]):
        if row["item"] == material:
            if not (without_rest and row["basis"] == "rest"):
                total += _quantity(product, row)
        elif row["item"] in _components():
            part = _components()[row["item"]]
            total += _quantity(product, row) * _tonnes(
                part, material, without_rest=without_rest
            )
    return total


def _quantity(product: Row, row: Row) -> float:
    match row["basis"]:
        case "kg":
            return float(row["quantity"]) / KG_PER_TONNE
        case "units":
            return float(row["quantity"])
        case "share":
            tonnes = float(row["quantity"]) * total_need(row["item"])
        case _:
            tonnes = total_need(row["item"]) - bottom_up(row["item"], without_rest=True)
    return tonnes / float(product["units_per_year"])


def _line(product: Row, row: Row) -> Part:
    item = "component" if row["item"] in _components() else "material"
    return {
        item: row["item"],
        "quantity_per_unit": rounded(_quantity(product, row)),
        "sources": {"quantity_per_unit": _source(row)},
    }


def _source(row: Row) -> str:
    if row["basis"] == "share":
        return f"{row['quantity']} of the need of {row['item']}; {row['source']}"
    return row["source"]


def _components() -> Mapping[str, Row]:
    return {x["id"]: x for x in content("products") if not x["participant"]}
