"""Values at paths, put into a case before it is validated: --set PATH=VALUE.

A step of a path is a key of an object, the id or index of an element, or the id of an
element in one of the object's lists: financing.loan is financing.facilities[loan].
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from copy import deepcopy
from dataclasses import dataclass
from typing import Any, cast

from models.annotations import record_in
from models.instance import Instance
from models.mistakes import Mistake
from models.reading import InvalidCaseError
from models.record import Record, SourcedRecord
from service.files.text import fault
from service.files.yaml_values import parse_yaml

MAXIMUM_LISTED = 20
STEP = re.compile(r"[^.\[\]]+")


def override(
    case: Mapping[str, object],
    assignments: Sequence[str],
    options: Sequence[tuple[str, str, object]] = (),
) -> dict[str, object]:
    """Return a copy of a case with every assignment made, in order, then the options.

    An option of the command line is its name, the path that it is for and its value.
    Raises InvalidCaseError with a mistake for each assignment that leads nowhere, or
    that replaces what an earlier one has set.
    """
    changed = deepcopy(dict(case))
    assignments_made = Assignments()
    mistakes: list[Mistake] = []
    for assignment in assignments:
        try:
            path, at, text = assigned(assignment, "--set", "PATH=VALUE")
            assignments_made.put(changed, path, parse_yaml(text, at), at)
        except InvalidCaseError as error:
            mistakes += error.mistakes
    for name, path, value in options:
        try:
            assignments_made.put(changed, path, value, name)
        except InvalidCaseError as error:
            mistakes += error.mistakes
    if mistakes:
        raise InvalidCaseError(mistakes)
    return changed


def assigned(assignment: str, option: str, form: str) -> tuple[str, str, str]:
    """Return the path, its name in messages, and the text after the equals sign."""
    path, sign, text = assignment.partition("=")
    if not sign or not STEP.findall(path):
        raise fault(option, assignment, form)
    return path, f"{option} {path}", text


class SamePathError(InvalidCaseError):
    """Two paths lead to one value, or one of them to a value around the other."""


class Assignments:
    """Puts values into one case in place, each to a place of its own."""

    def __init__(self) -> None:
        self._given: dict[tuple[str | int, ...], tuple[str, object]] = {}

    def put(self, case: dict[str, Any], path: str, value: object, at: str) -> object:
        """Put a value at a path, which messages call `at`; return what was there.

        Raises InvalidCaseError if it leads nowhere, SamePathError if the value would
        replace an earlier one or a part of one. What an earlier one lacks may be put
        into it.
        """
        places = _places(case, path, at)
        place = places[-1]
        keys = tuple(key for each in places for key in each.position())
        for earlier, (other, content) in self._given.items():
            is_around = earlier[: len(keys)] == keys
            inner = keys[len(earlier) :] if keys[: len(earlier)] == earlier else None
            if is_around or (inner and _holds(content, inner)):
                expected = f"a path to another value: it leads where {other} leads"
                raise SamePathError([Mistake(at, path, expected)])
        self._given[keys] = path, deepcopy(value)
        before = place.content()
        place.container[place.key] = value
        return before


def cite(case: dict[str, Any], path: str, source: str, at: str) -> bool:
    """Write the source of the value at a path into the part that it belongs to.

    Return whether that part or one around it has sources. Raises InvalidCaseError if
    the path leads nowhere.
    """
    places = _places(case, path, at)
    for depth in range(len(places) - 1, 0, -1):
        part, record = places[depth - 1].content(), places[depth - 1].record or Record
        if isinstance(part, dict) and issubclass(record, SourcedRecord):
            named = cast("dict[str, Any]", part)
            figure = "".join(place.written() for place in places[depth:]).lstrip(".")
            named["sources"] = {**named.get("sources", {}), figure: source}
            return True
    return False


def _holds(content: object, keys: tuple[str | int, ...]) -> bool:
    """Return whether there is a value at keys and indices of a content."""
    for key in keys:
        if isinstance(content, dict):
            if key not in content:
                return False
            content = cast("dict[str | int, object]", content)[key]
        elif isinstance(content, list) and isinstance(key, int):
            content = cast("list[object]", content)[key]
        else:
            return False
    return True


def section_of(case: dict[str, Any], path: str, at: str) -> str:
    """Return the section of a case that a path leads into; it may be absent.

    Raises InvalidCaseError if the first step of the path leads nowhere.
    """
    place = _step(case, Instance, _steps(path, at)[0], at)
    if place.container is case:
        return str(place.key)
    return next(key for key, value in case.items() if value is place.container)


def _places(case: dict[str, Any], path: str, at: str) -> list["_Place"]:
    """Return the place that each step leads to, the value's own last."""
    first, *steps = _steps(path, at)
    places = [_step(case, Instance, first, at)]
    for step in steps:
        places.append(_step(places[-1].content(), places[-1].record, step, at))
    return places


@dataclass(frozen=True, slots=True)
class _Place:
    """The target of a step: a key of an object or an index of a list.

    `record` is the class of the object there, or of the elements of the list there.
    `field` is the list that a step by id found its element in.
    """

    container: dict[str, Any] | list[Any]
    key: Any
    record: type[Record] | None
    is_section: bool = False
    field: str | None = None

    def position(self) -> list[str | int]:
        """Return the keys that the step stands for; every spelling has the same."""
        return [self.key] if self.field is None else [self.field, self.key]

    def written(self) -> str:
        """Return the step as a path has it, with the index in a list in brackets."""
        field = "" if self.field is None else f".{self.field}"
        is_index = isinstance(self.container, list)
        return f"{field}[{self.key}]" if is_index else f".{self.key}"

    def content(self) -> object:
        """Return the value there; an absent section is created."""
        if isinstance(self.container, list):
            return self.container[self.key]
        if self.container.get(self.key) is None and self.is_section:
            self.container[self.key] = {}
        return self.container.get(self.key)


def _steps(path: str, at: str) -> list[str]:
    steps = STEP.findall(path)
    if not steps:
        expected = "the path of a value in the case"
        raise fault(at, path, expected)
    return steps


def _step(here: object, record: type[Record] | None, step: str, at: str) -> _Place:
    if isinstance(here, dict):
        return _in_object(cast("dict[str, Any]", here), record, step, at)
    if isinstance(here, list):
        return _in_list(cast("list[Any]", here), record, step, at)
    expected = f"an object or a list that has {step}"
    raise fault(at, here, expected)


def _in_object(
    here: dict[str, Any], record: type[Record] | None, step: str, at: str
) -> _Place:
    fields = {} if record is None else record.model_fields
    if step in fields:
        annotation = fields[step].annotation
        record = record_in(annotation)
        is_section = annotation in {record, dict[str, str]}
        return _Place(here, step, record, is_section=is_section)
    if step in here or record is None:
        return _Place(here, step, None)
    elements = list(_elements(here, record))
    found = [place for identifier, place in elements if identifier == step]
    if len(found) == 1:
        return found[0]
    if found:
        expected = "a path that names the list too: it is in more than one"
        raise fault(at, step, expected)
    identifiers = _listed([identifier for identifier, _ in elements])
    also = f", or the id of an element ({identifiers})" if elements else ""
    expected = f"one of {', '.join(fields)}{also}"
    raise fault(at, step, expected)


def _in_list(
    here: list[Any], record: type[Record] | None, step: str, at: str
) -> _Place:
    identifiers = [_identifier(element) for element in here]
    if step in identifiers:
        return _Place(here, identifiers.index(step), record)
    if step.isdecimal() and int(step) < len(here):
        return _Place(here, int(step), record)
    known = [identifier for identifier in identifiers if identifier is not None]
    expected = f"one of {_listed(known)}" if known else f"an index below {len(here)}"
    raise fault(at, step, expected)


def _elements(
    here: Mapping[str, Any], record: type[Record]
) -> Iterator[tuple[str, _Place]]:
    """Yield the elements with an id from the list fields of an object."""
    for key, field in record.model_fields.items():
        content = here.get(key)
        if isinstance(content, list):
            elements = cast("list[Any]", content)
            for index, element in enumerate(elements):
                identifier = _identifier(element)
                if identifier is not None:
                    place = _Place(
                        elements, index, record_in(field.annotation), field=key
                    )
                    yield identifier, place


def _identifier(element: object) -> str | None:
    if not isinstance(element, dict):
        return None
    identifier = cast("dict[str, object]", element).get("id")
    return None if identifier is None else str(identifier)


def _listed(names: Sequence[str]) -> str:
    more = ", ..." if len(names) > MAXIMUM_LISTED else ""
    return ", ".join(names[:MAXIMUM_LISTED]) + more
