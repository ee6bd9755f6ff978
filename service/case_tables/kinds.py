"""What the values of a field are, and between which bounds, off its annotation."""

import datetime as dt
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from enum import Enum, StrEnum
from types import NoneType, UnionType
from typing import Annotated, Literal, Union, cast, get_args, get_origin

from pydantic.fields import FieldInfo

from models.annotations import Annotation, item_of, plain


class CellKind(StrEnum):
    """What a cell holds."""

    TEXT = "text"
    NUMBER = "number"
    WHOLE = "whole number"
    TRUTH = "yes or no"
    DAY = "date"


class Shape(StrEnum):
    """How many values a cell holds."""

    ONE = "one"
    LIST = "list"
    LINES = "lines"  # of texts by name
    MAPPING = "mapping"  # of lists by name


@dataclass(frozen=True, slots=True)
class NumberBounds:
    """The least and the greatest number of a field, and whether it may reach them."""

    lower: float | None = None
    upper: float | None = None
    excludes_lower: bool = False
    excludes_upper: bool = False


@dataclass(frozen=True, slots=True)
class Values:
    """What a cell holds: how many values, of which kind, and which there are."""

    kind: CellKind
    shape: Shape = Shape.ONE
    choices: tuple[str, ...] = ()
    bounds: NumberBounds = NumberBounds()


_KINDS: Mapping[type, CellKind] = {
    bool: CellKind.TRUTH,
    int: CellKind.WHOLE,
    float: CellKind.NUMBER,
    str: CellKind.TEXT,
    dt.date: CellKind.DAY,
}


def values_of(field: FieldInfo) -> Values:
    """Return what the cells of a field hold; raise TypeError if no cell can."""
    return _values(field.annotation, list(field.metadata))


def _values(annotation: Annotation, metadata: Sequence[object]) -> Values:
    found, bounds = plain(annotation), _bounds([*metadata, *_metadata(annotation)])
    if (item := item_of(found)) is not None:
        inner = _values(item, [])
        return replace(inner, shape=Shape.LIST)
    if get_origin(found) is dict:
        inner = _values(get_args(found)[1], [])
        is_list = inner.shape is Shape.LIST
        return replace(inner, shape=Shape.MAPPING if is_list else Shape.LINES)
    if get_origin(found) is Literal:
        return Values(CellKind.TEXT, choices=get_args(found))
    if get_origin(found) in {Union, UnionType}:
        # One of some words, or a list.
        words, listed = (_values(x, []) for x in get_args(found) if x is not NoneType)
        return Values(listed.kind, Shape.LIST, words.choices)
    if issubclass(found, Enum):
        return Values(CellKind.TEXT, choices=tuple(str(x.value) for x in found))
    if found not in _KINDS:
        msg = f"no cell can hold {found}"
        raise TypeError(msg)
    return Values(_KINDS[found], bounds=bounds)


def _metadata(annotation: Annotation) -> Iterator[object]:
    """Yield the metadata inside an annotation, such as that of a type in units."""
    if get_origin(annotation) is Annotated:
        inner, *rest = get_args(annotation)
        yield from _metadata(inner)
        for found in cast("list[object]", rest):
            yield from found.metadata if isinstance(found, FieldInfo) else [found]
    elif get_origin(annotation) in {Union, UnionType}:
        for kind in get_args(annotation):
            yield from _metadata(kind)


def _bounds(metadata: Sequence[object]) -> NumberBounds:
    found: dict[str, float] = {}
    for limit in metadata:
        for name in ("ge", "gt", "le", "lt"):
            value = getattr(limit, name, None)
            if isinstance(value, int | float):
                found[name] = value
    return NumberBounds(
        lower=found.get("ge", found.get("gt")),
        upper=found.get("le", found.get("lt")),
        excludes_lower="gt" in found,
        excludes_upper="lt" in found,
    )
