"""What the columns, names and units of an extract are: a file that people write once.

The same mapping serves each later extract of the same report.
"""

from typing import Literal

from pydantic import Field, ValidationError, model_validator

from models.mistakes import Mistake
from models.reading import InvalidCaseError
from models.record import Record
from service.csv_folder.conventions import Conventions
from service.files.text import decode, fault
from service.files.validation import mistakes_in
from service.files.yaml_values import parse_yaml

DEMAND, BILLS = "demand", "bills of materials"


class ExtractColumns(Record):
    """The headings of the extract, by what stands below them."""

    product: str = Field(description="Product that is made.")
    quantity: str = Field(description="How much: of the product, or of the item in it.")
    item: str | None = Field(
        default=None, description="Material or component; of bills of materials."
    )
    unit: str | None = Field(default=None, description="Unit of the quantity.")
    base: str | None = Field(
        default=None, description="Products that the quantity is for; 1 if absent."
    )


class ExtractMapping(Record):
    """How an extract becomes figures of a case."""

    table: Literal["demand", "bills of materials"] = Field(
        description="What the extract has: demand by product, or lines of bills."
    )
    source: str = Field(
        min_length=1, description="What it is, as in SAP CS12, plant 1000, 2026-11-30."
    )
    columns: ExtractColumns = Field(description="Its headings.")
    products: dict[str, str] = Field(
        default_factory=dict,
        description="Products of the case by names in the extract.",
    )
    items: dict[str, str] = Field(
        default_factory=dict,
        description="Materials and components of the case by names in the extract.",
    )
    unit: str | None = Field(
        default=None, description="Unit of all quantities, without a column of units."
    )
    units: dict[str, float] = Field(
        default_factory=dict,
        description="By unit of the extract: units of the product or component, or "
        "tonnes of the material, in one.",
    )
    years: float = Field(
        default=1.0, gt=0, description="Years that the demand of the extract is for."
    )
    only: dict[str, tuple[str, ...]] = Field(
        default_factory=dict,
        description="By heading the texts of the rows that are taken.",
    )
    without: dict[str, tuple[str, ...]] = Field(
        default_factory=dict,
        description="By heading the texts of the rows that are left out.",
    )
    heading_row: int = Field(default=1, ge=1, description="Row of the headings.")
    sheet: str | None = Field(
        default=None, description="Sheet of a workbook; the first if absent."
    )
    written: Conventions = Field(
        default=Conventions(), description="How a file of text is written."
    )

    @model_validator(mode="after")
    def _fits_the_table(self) -> "ExtractMapping":
        if (self.table == BILLS) != (self.columns.item is not None):
            msg = f"the column item with the table {BILLS}, and only there"
            raise ValueError(msg)
        if (self.unit is None) == (self.columns.unit is None):
            msg = "unit or columns.unit, one of the two"
            raise ValueError(msg)
        return self

    @property
    def headings(self) -> dict[str, str]:
        """The headings that the extract must have, by what names them."""
        columns = self.columns.model_dump(exclude_none=True)
        named = {f"columns.{name}": str(heading) for name, heading in columns.items()}
        for name, rows in (("only", self.only), ("without", self.without)):
            named |= {f"{name}.{heading}": heading for heading in rows}
        return named


def read_mapping(content: bytes, source: str) -> ExtractMapping:
    """Return a mapping; raise InvalidCaseError with every mistake in it."""
    said = parse_yaml(decode(content, source), source)
    if not isinstance(said, dict):
        raise fault(source, type(said).__name__, "a mapping: table, source, columns")
    try:
        return ExtractMapping.model_validate(said)
    except ValidationError as error:
        mistakes = mistakes_in(error, "mapping")
        raise InvalidCaseError(
            [Mistake(f"{source}, {x.path}", x.value, x.expected) for x in mistakes]
        ) from None
