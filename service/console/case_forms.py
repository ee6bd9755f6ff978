"""A section of a case as tables of inputs, each with its mistakes beside it."""

from collections.abc import Iterator, Mapping, Sequence
from copy import deepcopy
from dataclasses import dataclass
from typing import cast

from models.identifiers import LISTS
from models.mistakes import Mistake
from service.console.case_changes import (
    NEW,
    REMOVED,
    Content,
    Element,
    Given,
    elements_of,
    is_gone,
    typed_in,
    under,
)
from service.console.case_fields import CaseField
from service.console.case_sections import NUMBER_OF_NEW_ROWS, EditedPart, EditedSection
from service.variants.references import REFERENCES

Names = Mapping[str, Mapping[str, str]]  # of the elements of a list, by id


@dataclass(frozen=True, slots=True)
class Cell:
    """An input: the path of its value, what stands in it, and what is wrong with it.

    choices: values and what people call them. is_fixed: shown, and not changed.
    """

    field: CaseField
    name: str
    value: str
    choices: Sequence[tuple[str, str]]
    mistakes: Sequence[str]
    is_fixed: bool = False


@dataclass(frozen=True, slots=True)
class FormRow:
    """The inputs of an element. label: its name; inner: that of what is inside of it.

    mistakes: of the element as a whole.
    """

    path: str
    label: str
    inner: str
    cells: Sequence[Cell]
    mistakes: Sequence[str]
    is_new: bool = False
    is_removed: bool = False


@dataclass(frozen=True, slots=True)
class FormTable:
    """The rows of a part; one if it is an object."""

    part: EditedPart
    rows: Sequence[FormRow]


def form_tables(
    section: EditedSection, content: Content, given: Given, mistakes: Sequence[Mistake]
) -> Sequence[FormTable]:
    """Return the inputs of a section, with what was given and what is wrong."""
    names = _names(content)
    tables: list[FormTable] = []
    for part in section.parts:
        rows = [
            _row(part, element, given, mistakes, names)
            for element in elements_of(part, deepcopy(content))
        ]
        if part.is_open:
            rows += _new_rows(part, content, given, mistakes, names)
        tables.append(FormTable(part, rows))
    return [x for x in tables if x.rows]


def _row(
    part: EditedPart,
    element: Element,
    given: Given,
    mistakes: Sequence[Mistake],
    names: Names,
) -> FormRow:
    cells: list[Cell] = []
    for field in part.fields:
        path = under(element.path, field.name)
        before = element.content.get(field.name, field.default)
        value = given.get(path, field.shown(before))
        is_fixed = part.is_open and field.name == "id"
        cells.append(
            Cell(
                field,
                path,
                value,
                _choices(part, field, names),
                _told(path, mistakes),
                is_fixed,
            )
        )
    return FormRow(
        element.path,
        element.label,
        element.inner,
        cells,
        _told_exactly(element.path, mistakes),
        is_removed=under(element.path, REMOVED) in given,
    )


def _new_rows(
    part: EditedPart,
    content: Content,
    given: Given,
    mistakes: Sequence[Mistake],
    names: Names,
) -> Iterator[FormRow]:
    """Yield rows for further elements, with what was typed there."""
    kept = [x for x in elements_of(part, deepcopy(content)) if not is_gone(x, given)]
    place = len(kept)
    for number in range(1, NUMBER_OF_NEW_ROWS + 1):
        path = f"{part.path}[{NEW}{number}]"
        typed = typed_in(part, path, given)
        at = f"{part.path}[{typed.get('id') or place}]"
        place += bool(typed)
        cells = [
            Cell(
                field,
                f"{path}.{field.name}",
                typed.get(field.name, ""),
                [("", ""), *_choices(part, field, names)]
                if _choices(part, field, names)
                else [],
                _told(f"{at}.{field.name}", mistakes) if typed else [],
            )
            for field in part.fields
        ]
        told = _told_exactly(at, mistakes if typed else [])
        yield FormRow(path, "", str(number), cells, told, is_new=True)


def _names(content: Content) -> Names:
    """Return what people call the elements of the lists of a case, by list and id."""
    listed = {x: content[x] for x in content if x in LISTS}
    return {
        section: {str(x["id"]): str(x.get("name") or x["id"]) for x in elements}
        for section, elements in listed.items()
    }


def _choices(
    part: EditedPart, field: CaseField, names: Names
) -> Sequence[tuple[str, str]]:
    """Return the values that a field can have, if it refers to a list or is one."""
    if field.choices:
        absent = [] if field.is_required or field.default is not None else [("", "")]
        return [*absent, *((x, x) for x in field.choices)]
    found: object = REFERENCES
    for step in (*part.path.split("."), field.name):
        is_inside = isinstance(found, Mapping)
        found = cast("Mapping[str, object]", found).get(step) if is_inside else None
    return [*names[found].items()] if isinstance(found, str) and found in names else []


def _told(path: str, mistakes: Sequence[Mistake]) -> Sequence[str]:
    found = [x for x in mistakes if x.path == path or x.path.startswith(f"{path}[")]
    return [*dict.fromkeys(x.expected for x in found)]


def _told_exactly(path: str, mistakes: Sequence[Mistake]) -> Sequence[str]:
    return [x.expected for x in mistakes if x.path == path and path]
