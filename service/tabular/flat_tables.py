"""Documents as flat tables: one way for all of them, read off their fields.

A table is a list of the document, a row an element of it. What is not a list stays in
the row: the field of a part is `part.field`, the value of a key `field.key`, the ends
of an interval are `field.lower` and `field.upper`. A list inside a row is a table of
its own, which says in which element of which list it stands.
"""

import datetime as dt
import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from enum import Enum
from types import NoneType, UnionType
from typing import Annotated, Any, Union, cast, get_args, get_origin

from models.record import Record

Scalar = bool | int | float | str | dt.date | None
Annotation = Any  # of a field: a type, a union, a list of one of them
POSITION = "position"


@dataclass(frozen=True, slots=True)
class Column:
    """A column; kind is bool, int, float, str or date, text says what it means."""

    name: str
    kind: type
    text: str


@dataclass(frozen=True, slots=True)
class FlatTable:
    """A table; a row has a value, or None, for each column."""

    name: str
    columns: tuple[Column, ...]
    rows: tuple[tuple[Scalar, ...], ...]


@dataclass(frozen=True, slots=True)
class _Element:
    """An element of a list; place has a value for each column around the list."""

    place: tuple[Scalar, ...]
    value: object


@dataclass(frozen=True, slots=True)
class _List:
    """All lists of one field; label is its name, around says where each stands."""

    name: str
    label: str
    annotation: Annotation
    around: tuple[Column, ...]
    elements: tuple[_Element, ...]


@dataclass(frozen=True, slots=True)
class _Field:
    """A field with what each row has there."""

    path: str
    annotation: Annotation
    text: str
    cells: tuple[object, ...]


def tables_of(name: str, document: Record) -> Iterator[FlatTable]:
    """Yield the tables of a document, its own first; those without rows too."""
    yield from _tables(_List(name, "", type(document), (), (_Element((), document),)))


def _tables(whole: _List) -> Iterator[FlatTable]:
    """Yield the table of a list, then those of the lists in its elements."""
    values = tuple(element.value for element in whole.elements)
    label = "" if _is_record(whole.annotation) else whole.label
    fields = list(_fields(_Field(label, whole.annotation, "", values)))
    flat = [field for field in fields if _item(field.annotation) is None]
    cells = [[_scalar(cell) for cell in field.cells] for field in flat]
    yield FlatTable(
        name=whole.name,
        columns=(
            *whole.around,
            *(Column(x.path, _kind(x), x.text) for x in flat),
        ),
        rows=tuple(
            (*element.place, *(column[i] for column in cells))
            for i, element in enumerate(whole.elements)
        ),
    )
    for field in fields:
        if _item(field.annotation) is not None:
            yield from _tables(_inside(whole, field, flat))


def _fields(field: _Field) -> Iterator[_Field]:
    """Yield the scalars and lists that a field comes down to."""
    annotation = _plain(field.annotation)
    if _is_record(annotation):
        for name, told in annotation.model_fields.items():
            cells = tuple(getattr(cell, name, None) for cell in field.cells)
            path, text = _joined(field.path, name), told.description or ""
            yield from _fields(_Field(path, told.annotation, text, cells))
    elif get_origin(annotation) is dict:
        mappings = [cast("dict[str, object]", cell or {}) for cell in field.cells]
        for key in dict.fromkeys(key for mapping in mappings for key in mapping):
            cells = tuple(mapping.get(key) for mapping in mappings)
            inner, path = get_args(annotation)[1], _joined(field.path, key)
            yield from _fields(_Field(path, inner, field.text, cells))
    elif _is_interval(annotation):
        ends = [cast("tuple[object, object]", x or (None, None)) for x in field.cells]
        for end, name in enumerate(("lower", "upper")):
            cells = tuple(pair[end] for pair in ends)
            inner, path = get_args(annotation)[end], _joined(field.path, name)
            yield from _fields(_Field(path, inner, field.text, cells))
    else:
        yield _Field(field.path, annotation, field.text, field.cells)


def _inside(whole: _List, field: _Field, flat: Sequence[_Field]) -> _List:
    """Return the lists of a field; position and first word of a row say where."""
    label = field.path.rpartition(".")[2]
    around, named = list(whole.around), None
    if whole.label:
        # The position of the row in its own list is the position in the list around.
        around[-1] = Column(whole.label, int, f"Position in {whole.label}, from 0.")
        named = next((x for x in flat[:1] if _kind(x) is str), None)
    if named is not None:
        path = _joined(whole.label, named.path)
        around.append(Column(path, str, f"{named.path} of that element."))
    position = Column(POSITION, int, f"Position in {label}, from 0.")
    elements = tuple(
        _Element((*element.place, *(_of_row(named, i)), position), value)
        for i, element in enumerate(whole.elements)
        for position, value in enumerate(cast("Sequence[object]", field.cells[i] or ()))
    )
    name = f"{whole.name}_{field.path.replace('.', '_')}"
    return _List(name, label, _item(field.annotation), (*around, position), elements)


def _of_row(named: _Field | None, i: int) -> tuple[Scalar, ...]:
    return () if named is None else (_scalar(named.cells[i]),)


def _plain(annotation: Annotation) -> Annotation:
    """Return an annotation without its metadata and without None."""
    if get_origin(annotation) is Annotated:
        return _plain(get_args(annotation)[0])
    if get_origin(annotation) in {Union, UnionType}:
        kinds = [_plain(x) for x in get_args(annotation) if x is not NoneType]
        return kinds[0] if len(kinds) == 1 else annotation
    return annotation


def _is_record(annotation: Annotation) -> bool:
    plain = _plain(annotation)
    return isinstance(plain, type) and issubclass(plain, Record)


def _is_interval(annotation: Annotation) -> bool:
    """Say whether it is a pair of numbers; several records are a list."""
    parts = [_plain(x) for x in get_args(annotation)]
    return get_origin(annotation) is tuple and parts in ([float] * 2, [int] * 2)


def _item(annotation: Annotation) -> Annotation:
    """Return what a list holds; None if it is not a list."""
    is_list = get_origin(annotation) in {tuple, list, frozenset}
    return get_args(annotation)[0] if is_list else None


def _kind(field: _Field) -> type:
    """Return the kind of a column; where several may be, that of what is there."""
    there = {type(_scalar(cell)) for cell in field.cells if cell is not None}
    if isinstance(field.annotation, type):
        kind = cast("type[object]", field.annotation)
        return str if issubclass(kind, Enum) else kind
    return there.pop() if len(there) == 1 else str


def _scalar(cell: object) -> Scalar:
    if isinstance(cell, dict):
        # A mapping in a field that may also hold another type is written as JSON.
        return json.dumps(cell, sort_keys=True)
    return cell.value if isinstance(cell, Enum) else cast("Scalar", cell)


def _joined(path: str, name: str) -> str:
    return f"{path}.{name}" if path else name
