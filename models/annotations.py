"""What the annotation of a field holds: one record, or a list of them."""

from types import NoneType, UnionType
from typing import Annotated, Any, Union, cast, get_args, get_origin

from models.record import Record

Annotation = Any  # of a field: a type, a union, a list of one of them


def record_in(annotation: Annotation) -> type[Record] | None:
    """Return the record that a field is or is a list of; None if there is none."""
    return record_of(annotation) or record_in_list(annotation)


def record_of(annotation: Annotation) -> type[Record] | None:
    """Return the record that a field is; None if it is none."""
    found = plain(annotation)
    is_record = isinstance(found, type) and issubclass(found, Record)
    return cast("type[Record]", found) if is_record else None


def record_in_list(annotation: Annotation) -> type[Record] | None:
    """Return the record that a field is a list of; None if it is no such list."""
    item = item_of(annotation)
    return None if item is None else record_of(item)


def item_of(annotation: Annotation) -> Annotation:
    """Return what a list holds; None if it is not a list."""
    found = plain(annotation)
    is_list = get_origin(found) in {tuple, list, frozenset}
    return get_args(found)[0] if is_list else None


def plain(annotation: Annotation) -> Annotation:
    """Return an annotation without its metadata and without None."""
    if get_origin(annotation) is Annotated:
        return plain(get_args(annotation)[0])
    if get_origin(annotation) in {Union, UnionType}:
        kinds = [x for x in get_args(annotation) if x is not NoneType]
        return plain(kinds[0]) if len(kinds) == 1 else annotation
    return annotation
