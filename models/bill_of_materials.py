"""Bills of materials: tonnes of material in a unit, and cycles of components."""

from collections.abc import Sequence

from models.demand import Product


def cycles(products: Sequence[Product]) -> list[list[str]]:
    """Return the first cycle found, as products from one back to itself, or none."""
    bills = {product.id: product for product in products}
    found: list[list[str]] = []
    settled: set[str] = set()

    def walk(product_id: str, way: list[str]) -> None:
        if product_id in way:
            found.append([*way[way.index(product_id) :], product_id])
            return
        if product_id in settled:
            return
        for line in bills[product_id].bill_of_materials:
            if line.component in bills and not found:
                walk(line.component, [*way, product_id])
        settled.add(product_id)

    for product_id in bills:
        if not found:
            walk(product_id, [])
    return found


def explode(products: Sequence[Product]) -> dict[str, dict[str, float]]:
    """Return tonnes of each material in one unit, by product and material.

    The bills must be acyclic and their components known.
    """
    bills = {product.id: product for product in products}
    exploded: dict[str, dict[str, float]] = {}

    def tonnes_in(product_id: str) -> dict[str, float]:
        if product_id not in exploded:
            tonnes: dict[str, float] = {}
            for line in bills[product_id].bill_of_materials:
                if line.material is not None:
                    parts = {line.material: 1.0}
                else:
                    parts = tonnes_in(line.component or "")
                for material, quantity in parts.items():
                    total = tonnes.get(material, 0.0)
                    tonnes[material] = total + line.quantity_per_unit * quantity
            exploded[product_id] = tonnes
        return exploded[product_id]

    return {product_id: tonnes_in(product_id) for product_id in bills}
