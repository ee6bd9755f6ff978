"""Bills of materials: tonnes of material in a unit, and cycles of components."""

from collections.abc import Iterator, Mapping, Sequence

from models.demand import Product


def cycles(products: Sequence[Product]) -> list[list[str]]:
    """Return the first cycle found, as products from one back to itself, or none."""
    _, cycle = _components_first({product.id: product for product in products})
    return [cycle] if cycle else []


def depths(products: Sequence[Product]) -> dict[str, int]:
    """Return by product the levels of its bill, 1 without components.

    The bills must be acyclic; unknown components are skipped.
    """
    bills = {product.id: product for product in products}
    found: dict[str, int] = {}
    for product_id in _components_first(bills)[0]:
        below = [found[part] for part in _components(bills, product_id)]
        found[product_id] = 1 + max(below, default=0)
    return found


def explode(products: Sequence[Product]) -> dict[str, dict[str, float]]:
    """Return tonnes of each material in one unit, by product and material.

    The bills must be acyclic and their components known.
    """
    bills = {product.id: product for product in products}
    exploded: dict[str, dict[str, float]] = {}
    for product_id in _components_first(bills)[0]:
        tonnes: dict[str, float] = {}
        for line in bills[product_id].bill_of_materials:
            if line.material is not None:
                parts = {line.material: 1.0}
            else:
                parts = exploded[line.component or ""]
            for material, quantity in parts.items():
                total = tonnes.get(material, 0.0)
                tonnes[material] = total + line.quantity_per_unit * quantity
        exploded[product_id] = tonnes
    return {product_id: exploded[product_id] for product_id in bills}


def _components_first(bills: Mapping[str, Product]) -> tuple[list[str], list[str]]:
    """Return products after their components, and the first cycle or nothing.

    Without recursion, since components may be nested thousands of levels deep.
    """
    order: list[str] = []
    done: set[str] = set()
    for product_id in bills:
        if product_id in done:
            continue
        # The products on the way down, each with the components still to be seen.
        way = {product_id: _components(bills, product_id)}
        while way:
            here = next(reversed(way))
            component = next(way[here], None)
            if component is None:
                del way[here]
                done.add(here)
                order.append(here)
            elif component in way:
                names = list(way)
                return order, [*names[names.index(component) :], component]
            elif component not in done:
                way[component] = _components(bills, component)
    return order, []


def _components(bills: Mapping[str, Product], product_id: str) -> Iterator[str]:
    for line in bills[product_id].bill_of_materials:
        if line.component is not None and line.component in bills:
            yield line.component
