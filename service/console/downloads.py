"""What a page offers to save: the formats of its document, and which tables it has."""

from collections.abc import Sequence
from dataclasses import dataclass

from models.record import Record
from service.api.wanted_format import DocumentFormat, formats_of
from service.tabular.flat_tables import tables_of


@dataclass(frozen=True, slots=True)
class Downloads:
    """A document to save. path: of its operation; tables: names of those with rows."""

    path: str
    formats: Sequence[DocumentFormat]
    tables: Sequence[str]


def downloads(
    path: str, kind: str, record: Record | None, *, has_report: bool = True
) -> Downloads:
    """Return what there is of a document; record: None if nothing can be a table."""
    has_tables = record is not None
    formats = formats_of(has_tables=has_tables, has_report=has_report)
    tables = [] if record is None else [*tables_of(kind, record)]
    return Downloads(path, formats, [x.name for x in tables if x.columns and x.rows])
