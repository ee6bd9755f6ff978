"""The sheets of a case and their columns, read off the fields of its parts.

Each list of parts is a sheet, a part a row; a list inside a part is a sheet of its own,
whose first columns name the part. What is in no list is on one sheet, a figure a row.
A field that is added to a case has its column without a line here.
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from functools import cache
from typing import get_args, get_origin

from pydantic.fields import FieldInfo

from models.annotations import plain, record_in_list, record_of
from models.instance import Instance
from models.record import Record
from service.case_tables.kinds import (
    CellKind,
    Shape,
    Values,
    values_of,
)
from service.tabular.flat_tables import Column as FlatColumn
from service.tabular.headings import heading
from service.variants.references import REFERENCES, Targets, Whole

Way = tuple[str, ...]  # fields, from the outer to the inner
ID, NUMBER, SOURCES = "id", "number", "sources"
KEY, VALUE = "key", "value"  # of a mapping
CASE, CONTENTS = "Case", "Contents"  # sheets that are no list
FIGURE_COLUMNS = ("figure", "value", "meaning")
LONGEST_NAME = 31  # of a sheet
REQUIRED = object()  # in place of a default
EMPTY = ()
_BETWEEN_WORDS = re.compile(r"(?<=[a-z])(?=[A-Z])")


@dataclass(frozen=True, slots=True)
class CaseColumn:
    """A field of the parts of a sheet: its way in the part, and what it holds.

    An empty cell means `default`. `refers_to` is the way of the list whose names it
    holds.
    """

    way: Way
    heading: str
    values: Values
    text: str
    default: object = None
    refers_to: Way | None = None

    @property
    def is_required(self) -> bool:
        """Whether each part must have it."""
        return self.default is REQUIRED

    @property
    def is_text(self) -> bool:
        """Whether its cells have words, and no number or date alone."""
        return self.values.kind is CellKind.TEXT or self.values.shape is not Shape.ONE

    @property
    def name(self) -> str:
        """The field as paths have it."""
        return ".".join(self.way)


@dataclass(frozen=True, slots=True)
class Sheet:
    """A list of a case: the fields of its parts, and the list that it is inside.

    `way` leads to the list from the case, `inside` from a part of the outer list. `key`
    names a part for the lists inside it: its id, or its number in the order of parts.
    The parts of a mapping are its keys and values.
    """

    name: str
    way: Way
    columns: tuple[CaseColumn, ...]
    text: str
    part: str
    inside: Way
    outer: "Sheet | None" = None
    key: str | None = None
    is_mapping: bool = False
    is_required: bool = False

    @property
    def around(self) -> tuple["Sheet", ...]:
        """The sheets that this one is inside, the outermost first."""
        return () if self.outer is None else (*self.outer.around, self.outer)

    @property
    def all_columns(self) -> tuple[CaseColumn, ...]:
        """The columns that name outer parts and the number, and those of fields."""
        naming = [
            CaseColumn(
                way=(OUTER, *sheet.way),
                heading=sheet.part,
                values=Values(CellKind.TEXT if sheet.key == ID else CellKind.WHOLE),
                text=f"{sheet.key} of the row on sheet {sheet.name} that it belongs to",
                default=REQUIRED,
                refers_to=sheet.way if sheet.key == ID else None,
            )
            for sheet in self.around
        ]
        if self.key == NUMBER:
            naming.append(
                CaseColumn((NUMBER,), NUMBER, Values(CellKind.WHOLE), COUNTED)
            )
        return (*naming, *self.columns)


OUTER = "<outer>"  # before the way of an outer list; no field has such a name
COUNTED = "Place in the order, counted from 0; rows without one follow as they stand"


@dataclass(frozen=True, slots=True)
class Layout:
    """All sheets of a case: single figures, and lists in the order of its fields."""

    figures: tuple[CaseColumn, ...]
    sheets: tuple[Sheet, ...]

    def named(self, way: Way) -> Sheet:
        """Return the sheet of a list."""
        return next(sheet for sheet in self.sheets if sheet.way == way)


@dataclass(frozen=True, slots=True)
class _List:
    """A list in a part, and its way from the part."""

    way: Way
    field: FieldInfo
    text: str
    is_required: bool

    @property
    def record(self) -> type[Record] | None:
        """What it holds; None if it is a mapping."""
        return record_in_list(self.field.annotation)


@cache
def layout() -> Layout:
    """Return the sheets of a case."""
    fields = list(_fields(Instance, (), is_required=True))
    figures = [x for x in fields if isinstance(x, CaseColumn)]
    lists = [x for x in fields if isinstance(x, _List)]
    sheets = [sheet for listed in lists for sheet in _sheets(listed, None)]
    return Layout(tuple(_referring((), x) for x in figures), tuple(sheets))


def _fields(
    record: type[Record], way: Way, *, is_required: bool
) -> Iterator[CaseColumn | _List]:
    """Yield what a part comes down to: columns, its sources last, and lists inside."""
    told = dict(record.model_fields)
    if SOURCES in told:
        told[SOURCES] = told.pop(SOURCES)
    for name, found in told.items():
        here, text = (*way, name), found.description or ""
        is_needed = is_required and found.is_required()
        inner, listed = record_of(found.annotation), record_in_list(found.annotation)
        if inner is not None:
            yield from _fields(inner, here, is_required=is_needed)
        elif listed is not None or _is_mapping_of_lists(found):
            yield _List(here, found, text or _summary(listed), is_needed)
        else:
            default = (
                REQUIRED if is_needed else found.get_default(call_default_factory=True)
            )
            yield CaseColumn(here, _heading(here), values_of(found), text, default)


def _sheets(listed: _List, outer: Sheet | None) -> Iterator[Sheet]:
    """Yield the sheet of a list, then those of the lists in its parts."""
    way = (*(() if outer is None else outer.way), *listed.way)
    record = listed.record
    fields = [] if record is None else list(_fields(record, (), is_required=True))
    columns = [x for x in fields if isinstance(x, CaseColumn)]
    inner = [x for x in fields if isinstance(x, _List)]
    sheet = Sheet(
        name=_name(way),
        way=way,
        columns=tuple(_referring(way, x) for x in _first_the_name(columns)),
        text=listed.text,
        part=_in_words(record),
        inside=listed.way,
        outer=outer,
        key=_key(columns, has_inner=bool(inner), is_fixed=_is_fixed(listed.field)),
        is_required=listed.is_required,
    )
    if record is None:
        sheet = replace(sheet, columns=_of_mapping(listed, way), is_mapping=True)
    yield sheet
    for found in inner:
        yield from _sheets(found, sheet)


def _key(columns: list[CaseColumn], *, has_inner: bool, is_fixed: bool) -> str | None:
    if any(column.way == (ID,) for column in columns):
        return ID
    return NUMBER if has_inner or is_fixed else None


def _of_mapping(listed: _List, way: Way) -> tuple[CaseColumn, ...]:
    """Return the columns of a mapping: its keys, and what they lead to."""
    values, refers_to = values_of(listed.field), _target(way)
    held = Values(values.kind, Shape.LIST, values.choices, values.bounds)
    target = Instance.model_fields[refers_to[0]] if refers_to else None
    part = KEY if target is None else _in_words(record_in_list(target.annotation))
    key = CaseColumn(
        (KEY,), part, Values(CellKind.TEXT), listed.text, REQUIRED, refers_to
    )
    value = CaseColumn((VALUE,), _heading(listed.way[-1:]), held, listed.text, EMPTY)
    return key, value


def _first_the_name(columns: list[CaseColumn]) -> list[CaseColumn]:
    if any(column.way == (ID,) for column in columns):
        return sorted(columns, key=lambda x: (x.way != (ID,), x.way != ("name",)))
    return columns


def _referring(way: Way, column: CaseColumn) -> CaseColumn:
    return replace(column, refers_to=_target((*way, *column.way)))


def _target(way: Way) -> Way | None:
    """Return the way of the list whose names a field holds; None if it is none."""
    here: str | Whole | Targets | None = REFERENCES
    for step in way:
        here = here.get(step) if isinstance(here, Mapping) else None
    section = here.section if isinstance(here, Whole) else here
    return tuple(section.split(".")) if isinstance(section, str) else None


def _is_mapping_of_lists(field: FieldInfo) -> bool:
    return values_of(field).shape is Shape.MAPPING


def _is_fixed(field: FieldInfo) -> bool:
    """Say whether a list has a fixed number of parts, each with a place of its own."""
    found = plain(field.annotation)
    return get_origin(found) is tuple and Ellipsis not in get_args(found)


def _name(way: Way) -> str:
    """Return the name of a sheet: the way in words, or those of it that fit."""
    first, *rest = way
    while len(rest) > 1 and len(" ".join((first, *rest))) > LONGEST_NAME:
        rest = rest[1:]
    words = " ".join((first, *rest)).replace("_", " ").split()
    while len(" ".join(words)) > LONGEST_NAME:
        words.pop()
    return " ".join(words).capitalize()


def _heading(way: Way) -> str:
    return heading(FlatColumn(".".join(way), str, ""))


def _in_words(record: type[Record] | None) -> str:
    name = KEY if record is None else record.__name__
    return _BETWEEN_WORDS.sub(" ", name).lower()


def _summary(record: type[Record] | None) -> str:
    return ((record and record.__doc__) or "").partition("\n")[0]
