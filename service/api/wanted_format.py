"""The formats of documents, and which of them the query of a request asks for."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Annotated

from fastapi import Depends, Query

JSON = "application/json"
CSV = "text/csv"
PARQUET = "application/vnd.apache.parquet"
WORKBOOK = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
REPORT = "text/html"


class DocumentFormat(StrEnum):
    """A format of documents, as links name it."""

    HTML = "html"
    XLSX = "xlsx"
    CSV = "csv"
    PARQUET = "parquet"
    JSON = "json"


MEDIA_TYPES: Mapping[DocumentFormat, str] = {
    DocumentFormat.HTML: REPORT,
    DocumentFormat.XLSX: WORKBOOK,
    DocumentFormat.CSV: CSV,
    DocumentFormat.PARQUET: PARQUET,
    DocumentFormat.JSON: JSON,
}


@dataclass(frozen=True, slots=True)
class WantedFormat:
    """What the query of a request says about the format of a document."""

    format: Annotated[
        DocumentFormat | None,
        Query(description="For plain links: used instead of `Accept`."),
    ] = None
    table: Annotated[
        str | None,
        Query(
            description="With CSV and Parquet: the table. `columns` describes the "
            "columns of all. Default: what is no list in the document."
        ),
    ] = None


RequestedFormat = Annotated[WantedFormat, Depends()]


def formats_of(*, has_tables: bool, has_report: bool) -> Sequence[DocumentFormat]:
    """Return the formats of a document, in the order of pages."""
    without = set[DocumentFormat]()
    if not has_tables:
        without.update(set(DocumentFormat) - {DocumentFormat.JSON})
    if not has_report:
        without.add(DocumentFormat.HTML)
    return [x for x in DocumentFormat if x not in without]
