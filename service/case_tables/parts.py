"""The parts of a case as rows of a sheet."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, cast

from service.case_tables.kinds import CellKind, Shape
from service.case_tables.layout import KEY, NUMBER, OUTER, VALUE, CaseColumn, Sheet, Way
from service.case_tables.text import lines_as_cell, list_as_cell, text_as_cell

Content = Mapping[str, Any]
Cell = bool | int | float | str | None
YES_OR_NO = ("yes", "no")


@dataclass(frozen=True, slots=True)
class CasePart:
    """A part of a case: what names the parts around it, its number, its content."""

    around: Mapping[Way, str | int]
    number: int
    content: Content

    def of(self, column: CaseColumn) -> Cell:
        """Return what the part has in a column, as a cell holds it."""
        if column.way[0] == OUTER:
            return self.around[column.way[1:]]
        if column.way == (NUMBER,):
            return self.number
        return cell_of(self.content, column)


def parts_of(sheet: Sheet, case: Content) -> Iterator[CasePart]:
    """Yield the parts of a list in their order."""
    if sheet.outer is None:
        holders = [CasePart({}, 0, case)]
    else:
        holders = list(parts_of(sheet.outer, case))
    for holder in holders:
        around = dict(holder.around)
        if sheet.outer is not None:
            outer = sheet.outer
            is_numbered = outer.key == NUMBER
            name = holder.number if is_numbered else holder.content[str(outer.key)]
            around[outer.way] = cast("str | int", name)
        for number, content in enumerate(_elements(sheet, holder.content)):
            yield CasePart(around, number, content)


def cell_of(part: Content, column: CaseColumn) -> Cell:
    """Return what a part has in a column, as a cell holds it; None if empty."""
    value = _at(part, column.way)
    if value is None or value == column.default == "":
        return None
    if isinstance(value, bool):
        return YES_OR_NO[not value]
    if isinstance(value, str):
        return text_as_cell(value)
    if column.values.shape is Shape.LINES:
        return lines_as_cell(cast("Mapping[str, str]", value)) or None
    if column.values.shape is Shape.LIST:
        return _list_as_cell(cast("Sequence[Cell]", value), column)
    return cast("Cell", value)


def _list_as_cell(elements: Sequence[Cell], column: CaseColumn) -> Cell:
    if not elements and column.default in ((), frozenset()):
        return None
    is_number = len(elements) == 1 and column.values.kind is not CellKind.TEXT
    return elements[0] if is_number else list_as_cell(elements)


def _elements(sheet: Sheet, holder: Content) -> Iterator[Content]:
    found = _at(holder, sheet.inside)
    if sheet.is_mapping:
        for key, value in cast("Content", found or {}).items():
            yield {KEY: key, VALUE: value}
    else:
        yield from cast("Sequence[Content]", found or ())


def _at(part: Content, way: Way) -> object:
    here: Any = part
    for step in way:
        here = None if here is None else here.get(step)
    return here
