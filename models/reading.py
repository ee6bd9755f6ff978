"""Reads a case from a mapping (YAML or JSON) and reports all mistakes at once."""

from collections.abc import Mapping, Sequence
from typing import Any, cast

from pydantic import ValidationError

from models.identifiers import ANY_NAME, LISTS
from models.instance import Instance
from models.mistakes import Collector, Mistake


class InvalidCaseError(ValueError):
    """The case has mistakes."""

    def __init__(self, mistakes: Sequence[Mistake]) -> None:
        self.mistakes = tuple(mistakes)
        super().__init__("\n".join(str(mistake) for mistake in mistakes))


def read_instance(raw: object) -> Instance:
    """Return the case; raise InvalidCaseError with every mistake in it."""
    return _read(raw, Collector())


def _read(raw: object, collector: Collector) -> Instance:
    if not isinstance(raw, Mapping):
        found = type(raw).__name__
        raise InvalidCaseError([Mistake("case", found, "a mapping of sections")])
    content = cast("Mapping[str, Any]", raw)
    try:
        instance = Instance.model_validate(content, context=collector)
    except ValidationError as error:
        mistakes = mistakes_of(error, content)
        raise InvalidCaseError(
            [*mistakes, *_mistakes_in_the_rest(content, error)]
        ) from None
    if collector.mistakes:
        raise InvalidCaseError(collector.mistakes)
    return instance


def mistakes_of(error: ValidationError, content: object) -> list[Mistake]:
    """Return the mistakes that validation of a content has found, by their places."""
    faults = [dict(e) for e in error.errors() if not _is_echo(e)]
    return [_mistake(content, fault) for fault in faults]


def read_stored_instance(raw: object) -> Instance:
    """Return a case that this or an earlier version has accepted and stored.

    It keeps its hash. Losses without a basis are read as those of a cut-off that
    happens, as they were then.
    """
    return _read(raw, Collector(is_stored=True))


def _mistakes_in_the_rest(
    content: Mapping[str, Any], error: ValidationError
) -> list[Mistake]:
    """Check references among the correct parts, without the others.

    A field that is in no list is left out, or else its whole section. If a case must
    have that section, no further mistake is found.
    """
    wrong: dict[tuple[str, ...], set[int]] = {}
    fields = set[tuple[str, ...]]()
    for fault in error.errors():
        way, position = _list_and_position(fault["loc"])
        if position is not None:
            wrong.setdefault(way, set()).add(position)
        elif way and way[0] in content:
            fields.add(way)
    left_out: set[tuple[str, str]] = set()
    rest: dict[str, Any] = {
        k: v for k, v in content.items() if k in Instance.model_fields
    }
    for way, positions in wrong.items():
        elements = _taken_out(rest, way, positions)
        at = ".".join(way)
        left_out |= {(at, str(_identifier(x))) for x in elements}
    for ways in (fields, {way[:1] for way in fields}):
        for way in ways:
            _left_out_field(rest, way)
            at = ".".join(way)
            whole = (x for x in LISTS if x == at or x.startswith(f"{at}."))
            left_out |= {(x, ANY_NAME) for x in whole}
        collector = Collector(frozenset(left_out))
        try:
            Instance.model_validate(rest, context=collector)
        except ValidationError:
            continue
        return collector.mistakes
    return []


def _left_out_field(rest: dict[str, Any], way: Sequence[str]) -> None:
    """Take a field out of a case, if it is there."""
    here: dict[str, Any] = rest
    for section in way[:-1]:
        if not isinstance(here.get(section), Mapping):
            return
        here[section] = here = dict(here[section])
    here.pop(way[-1], None)


def _list_and_position(
    location: Sequence[int | str],
) -> tuple[tuple[str, ...], int | None]:
    """Return the list of a case that a fault lies in, and where; None if in none."""
    way: tuple[str, ...] = ()
    for step in location:
        if isinstance(step, int):
            return way, step
        way = (*way, step)
    return way, None


def _taken_out(
    rest: dict[str, Any], way: Sequence[str], positions: set[int]
) -> list[object]:
    """Take elements out of a list of a case and return them; none if it is no list."""
    here: dict[str, Any] = rest
    for section in way[:-1]:
        if not isinstance(here.get(section), Mapping):
            return []
        here[section] = here = dict(here[section])
    elements = here.get(way[-1])
    if not isinstance(elements, Sequence):
        return []
    some = cast("Sequence[object]", elements)
    here[way[-1]] = [x for i, x in enumerate(some) if i not in positions]
    return [some[i] for i in positions]


def _is_echo(fault: Mapping[str, Any]) -> bool:
    """Say whether a list is called too short only because its elements are wrong."""
    return fault["type"] == "too_short" and bool(fault["input"])


def _mistake(content: object, fault: Mapping[str, Any]) -> Mistake:
    location: tuple[int | str, ...] = fault["loc"]
    path = _path(content, location)
    message = str(fault["msg"])
    match fault["type"]:
        case "missing":
            return Mistake(path, "absent", "a value (the field is required)")
        case "extra_forbidden":
            return Mistake(path, fault["input"], "no such field")
        case "tuple_type":
            return Mistake(path, fault["input"], "a list")
        case _:
            return Mistake(path, fault["input"], _expected(message))


def _expected(message: str) -> str:
    for opening in ("Value error, ", "Input should be ", "Input should "):
        if message.startswith(opening):
            return message.removeprefix(opening)
    return message[:1].lower() + message[1:]


def _path(content: object, location: Sequence[int | str]) -> str:
    path = ""
    here: object = content
    for step in location:
        if isinstance(step, int):
            elements = cast("Sequence[object]", here)
            is_there = isinstance(here, Sequence) and step < len(elements)
            here = elements[step] if is_there else None
            path += f"[{_identifier(here) or step}]"
        else:
            fields = cast("Mapping[str, object]", here)
            here = fields.get(step) if isinstance(here, Mapping) else None
            path += f".{step}" if path else step
    return path or "case"


def _identifier(element: object) -> str | None:
    if not isinstance(element, Mapping):
        return None
    identifier = cast("Mapping[str, object]", element).get("id")
    return identifier if isinstance(identifier, str) else None
