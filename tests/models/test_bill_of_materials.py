from models.bill_of_materials import cycles
from models.demand import BillLine, Product


def _part(name: str, *components: str) -> Product:
    lines = [BillLine(component=c, quantity_per_unit=1) for c in components]
    material = BillLine(material="gallium", quantity_per_unit=1)
    return Product(
        id=name, name=name, unit="part", bill_of_materials=(material, *lines)
    )


def test_a_product_that_needs_itself_is_found_with_its_way() -> None:
    """The cycle is told from one product back to it."""
    assert cycles([_part("a", "b"), _part("b", "c"), _part("c", "b")]) == [
        ["b", "c", "b"]
    ]


def test_a_part_that_is_needed_on_many_ways_is_followed_once() -> None:
    """60 parts that each need the next one twice have 2^60 ways, but no cycle."""
    parts = [_part(f"p{i}", f"p{i + 1}", f"p{i + 1}") for i in range(60)]
    assert cycles([*parts, _part("p60")]) == []
