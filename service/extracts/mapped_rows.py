"""Rows of an extract in terms of a case, or what of them is not known."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass

from models.instance import Instance
from models.mistakes import Mistake
from models.reading import InvalidCaseError
from service.case_tables.places import Unread
from service.extracts.rows import Extract, ExtractRow
from service.variants.changing import nearest

TONNES = {"t": 1.0, "kg": 1e-3, "g": 1e-6}  # in a unit of mass
OF_MASS = "t"  # unit of products that are so many tonnes of something, its first word
MATERIAL, COMPONENT = "material", "component"


@dataclass(frozen=True, slots=True)
class MappedRow:
    """A row in terms of the case: a product, an item in it and its quantity.

    `field` says what the item is. The quantity is in units of the product, or, of an
    item in one product, in tonnes of the material or units of the component.
    """

    product: str
    field: str | None
    item: str | None
    quantity: float
    number: int


def mapped_rows(extract: Extract, case: Instance) -> list[MappedRow]:
    """Return the rows in terms of the case.

    Raises InvalidCaseError with every name, unit and number that cannot be read; each
    name and unit is told once.
    """
    reader = _RowReader(extract, case)
    rows = [reader.mapped(row) for row in extract.rows]
    if reader.mistakes:
        raise InvalidCaseError(list(reader.mistakes.values()))
    return [row for row in rows if row is not None]


class _RowReader:
    """Reads the rows of one extract; gathers mistakes by what they are about."""

    def __init__(self, extract: Extract, case: Instance) -> None:
        self._extract, self._mapping = extract, extract.mapping
        self._products = {product.id: product.unit for product in case.products}
        self._materials = [material.id for material in case.materials]
        self._units = {x.casefold(): y for x, y in self._mapping.units.items()}
        self.mistakes: dict[object, Mistake] = {}
        self._check(self._mapping.products, "products", self._products)
        items = [*self._materials, *self._products]
        self._check(self._mapping.items, "items", items)

    def mapped(self, row: ExtractRow) -> MappedRow | None:
        """Return a row in terms of the case; None after telling what is wrong."""
        columns = self._mapping.columns
        product = self._named(
            row, columns.product, self._mapping.products, [*self._products]
        )
        field, item = self._item(row)
        factor = self._factor(row, item if columns.item else product)
        quantity = self._number(row, columns.quantity)
        base = self._base(row)
        if product is None or factor is None or quantity is None or base is None:
            return None
        return MappedRow(product, field, item, quantity * factor / base, row.number)

    def _item(self, row: ExtractRow) -> tuple[str | None, str | None]:
        """Return what a row has of a product, and what that is; None if nothing."""
        heading = self._mapping.columns.item
        if heading is None:
            return None, None
        known = [*self._materials, *self._products]
        item = self._named(row, heading, self._mapping.items, known)
        return MATERIAL if item in self._materials else COMPONENT, item

    def _base(self, row: ExtractRow) -> float | None:
        heading = self._mapping.columns.base
        base = 1.0 if heading is None else self._number(row, heading)
        if base == 0:
            place = self._extract.place(row, heading or "")
            self._tell(place, "0", "another number than 0")
            return None
        return base

    def _named(
        self, row: ExtractRow, heading: str, names: Mapping[str, str], known: list[str]
    ) -> str | None:
        """Return the name in the case; tell once if there is none."""
        text = row.text(heading)
        name = names.get(text, text)
        if name in known:
            return name
        if text not in names:
            what = "products" if names is self._mapping.products else "items"
            expected = (
                f"an id of the case {nearest(text, known)}, or a line for it under "
                f"{what} or without of the mapping"
            )
            place = self._extract.place(row, heading)
            self._tell(place, text or "empty", expected, once_for=(heading, text))
        return None

    def _factor(self, row: ExtractRow, name: str | None) -> float | None:
        """Return what one unit of the extract is in the case; tell once if unknown."""
        columns, text = self._mapping.columns, self._mapping.unit
        if columns.unit is not None:
            text = row.text(columns.unit)
        unit, place = str(text).casefold(), "mapping, unit"
        if columns.unit is not None:
            place = self._extract.place(row, columns.unit)
        if name is None:
            return None
        own = self._products.get(name, OF_MASS)
        is_mass = name in self._materials or own.split()[:1] == [OF_MASS]
        found = self._units.get(unit, TONNES.get(unit) if is_mass else None)
        if found is None and unit == own.casefold():
            found = 1.0
        if found is None:
            expected = f"a unit of {name} ({own}), or a line for it under units of the "
            self._tell(
                place, text or "empty", f"{expected}mapping", once_for=(unit, own)
            )
        return found

    def _number(self, row: ExtractRow, heading: str) -> float | None:
        found = self._extract.number(row, heading)
        if not isinstance(found, Unread):
            return found
        place, once = self._extract.place(row, heading), found.told_once_for
        told = None if once is None else (once, heading)
        self._tell(place, found.found, found.expected, once_for=told)
        return None

    def _check(
        self, names: Mapping[str, str], what: str, known: Collection[str]
    ) -> None:
        """Tell names of the mapping that the case has not."""
        for text, name in names.items():
            if name not in known:
                expected = f"an id of the case {nearest(name, [*known])}"
                self._tell(f"mapping, {what}.{text}", name, expected)

    def _tell(
        self, place: str, found: object, expected: str, once_for: object = None
    ) -> None:
        self.mistakes.setdefault(once_for or place, Mistake(place, found, expected))
