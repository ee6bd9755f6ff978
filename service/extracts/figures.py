"""Figures of an extract in a case: demand of products, or their bills of materials.

Rows of one product, or of one item in it, are added up. What the extract does not have
stays as it is.
"""

from collections.abc import Iterator, Sequence
from copy import deepcopy
from dataclasses import dataclass
from math import fsum
from typing import Any

from service.extracts.mapped_rows import MappedRow
from service.extracts.mapping import DEMAND
from service.extracts.rows import Extract

MOST_ROWS_NAMED = 5
Content = dict[str, Any]


@dataclass(frozen=True, slots=True)
class MappedFigure:
    """A figure that the extract gives: what it was (None if new), and what it is."""

    product: str
    item: str | None
    before: float | None
    after: float
    number_of_rows: int


def with_figures(
    content: Content, rows: Sequence[MappedRow], extract: Extract
) -> tuple[Content, list[MappedFigure]]:
    """Return the content of a case with the figures of an extract, and these.

    A bill of the extract takes the place of the product's.
    """
    changed = deepcopy(content)
    products = {product["id"]: product for product in changed["products"]}
    change = _demand if extract.mapping.table == DEMAND else _bill
    figures: list[MappedFigure] = []
    for name in dict.fromkeys(row.product for row in rows):
        own = [row for row in rows if row.product == name]
        figures += change(products[name], own, extract)
    return changed, figures


def _demand(
    product: Content, rows: Sequence[MappedRow], extract: Extract
) -> Iterator[MappedFigure]:
    name = "demand_units_per_year"
    before = product.get(name)
    after = fsum(row.quantity for row in rows) / extract.mapping.years
    product[name] = after
    product["sources"] = {
        **product.get("sources", {}),
        name: _source(rows, extract),
    }
    yield MappedFigure(product["id"], None, before, after, len(rows))


def _bill(
    product: Content, rows: Sequence[MappedRow], extract: Extract
) -> Iterator[MappedFigure]:
    before = {
        line.get("material") or line.get("component"): line["quantity_per_unit"]
        for line in product["bill_of_materials"]
    }
    lines: list[Content] = []
    for field, item in dict.fromkeys((row.field, row.item) for row in rows):
        own = [row for row in rows if row.item == item]
        after = fsum(row.quantity for row in own)
        line: Content = {str(field): item, "quantity_per_unit": after}
        line["sources"] = {"quantity_per_unit": _source(own, extract)}
        lines.append(line)
        yield MappedFigure(product["id"], item, before.get(item), after, len(own))
    product["bill_of_materials"] = lines


def _source(rows: Sequence[MappedRow], extract: Extract) -> str:
    numbers = [str(row.number) for row in rows]
    named = ", ".join(numbers[:MOST_ROWS_NAMED])
    more = f" and {len(numbers) - MOST_ROWS_NAMED} more"
    where = f"row{'s' if len(numbers) > 1 else ''} {named}"
    where += more if len(numbers) > MOST_ROWS_NAMED else ""
    return f"{extract.mapping.source} ({extract.name}, {where})"
