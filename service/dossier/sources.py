"""Where the figures of a case come from, and which of them are assumptions."""

from collections.abc import Iterator
from typing import cast

from models.instance import Instance
from models.record import Record, SourcedRecord
from service.tabular.flat_tables import Column, FlatTable

ASSUMPTION = "assumption:"


def sources_of(case: Instance) -> FlatTable:
    """Return a row for each source that the case names."""
    return FlatTable(
        name="case_sources",
        columns=(
            Column("section", str, "Section of the case."),
            Column("path", str, "Where the figure stands, by position."),
            Column("id", str, "Name of the part that has the figure, if it has one."),
            Column("figure", str, "Field that the source is for."),
            Column("source", str, "A file and row, a document, or an assumption."),
            Column("is_assumption", bool, "Whether it is an assumption."),
        ),
        rows=tuple(_rows(case, "", "")),
    )


def _rows(part: Record, section: str, path: str) -> Iterator[tuple[str | bool, ...]]:
    if isinstance(part, SourcedRecord):
        identifier = str(getattr(part, "id", ""))
        for figure, source in part.sources.items():
            is_assumption = source.lower().startswith(ASSUMPTION)
            yield section, path, identifier, figure, source, is_assumption
    for name in type(part).model_fields:
        value: object = getattr(part, name)
        at = f"{path}.{name}" if path else name
        if isinstance(value, Record):
            yield from _rows(value, section or name, at)
        elif isinstance(value, tuple):
            for position, item in enumerate(cast("tuple[object, ...]", value)):
                if isinstance(item, Record):
                    yield from _rows(item, section or name, f"{at}[{position}]")
