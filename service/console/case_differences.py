"""What differs between two cases: each figure before and after, by its path."""

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, cast

from starlette.responses import Response

from service.api.context import ServiceContext
from service.api.cursors import FilterText
from service.console.case_fields import field_title, grouped_number, plain_number
from service.console.registry import PAGES
from service.console.view import OpenView, page_router
from service.store.cases import CaseRepository, StoredCase
from service.store.part import Part

NUMBER_OFFERED = 100
SOURCES = ".sources."
ABSENT = object()

router = page_router()


@dataclass(frozen=True, slots=True)
class Difference:
    """A value that differs, or an element that one of the cases has alone.

    label: what people call the element that has it. before, after: None if absent.
    """

    path: str
    label: str
    title: str
    unit: str
    before: str | None
    after: str | None
    is_element: bool = False


@router.get(PAGES["show_differences"].path)
def show_differences(
    content_hash: str,
    view: OpenView,
    context: ServiceContext,
    before: FilterText = "",
) -> Response:
    """Return what differs from another case: that which it was made from, or chosen."""
    with context.database.reading() as session:
        cases = CaseRepository(session)
        after = json.loads(cases.text(content_hash))
        versions = cases.versions(content_hash)
        stored = {x.case.content_hash for x in versions}
        origins = [x.made_from for x in versions if x.case.content_hash == content_hash]
        known = [x for x in origins if x in stored]
        chosen = before or (known[0] if known and known[0] else "")
        other = json.loads(cases.text(chosen)) if chosen else None
        listed = [x.case for x in versions] + [*cases.page(Part(NUMBER_OFFERED))]
    found = [] if other is None else [*differences(other, after)]
    return view.page(
        content_hash=content_hash,
        case_name=after["name"],
        before_name="" if other is None else other["name"],
        chosen=chosen,
        offered=_offered(listed, content_hash),
        figures=[x for x in found if SOURCES not in x.path],
        sources=[x for x in found if SOURCES in x.path],
    )


def differences(
    before: Mapping[str, Any], after: Mapping[str, Any]
) -> Iterator[Difference]:
    """Yield what differs between two cases; elements are the same by identifier."""
    yield from _between(before, after, "", "")


def _offered(
    cases: Sequence[StoredCase], content_hash: str
) -> Mapping[str, StoredCase]:
    others = (x for x in cases if x.content_hash != content_hash)
    return {x.content_hash: x for x in others}


def _between(
    before: Any,  # noqa: ANN401 - of JSON
    after: Any,  # noqa: ANN401
    path: str,
    label: str,
) -> Iterator[Difference]:
    if before == after:
        return
    if isinstance(before, dict) or isinstance(after, dict):
        yield from _of_objects(_fields(before), _fields(after), path, label)
    elif _has_parts(before) or _has_parts(after):
        yield from _of_lists(before, after, path, label)
    else:
        name = path.rpartition(".")[2].partition("[")[0]
        title, unit = field_title(name)
        yield Difference(path, label, title, unit, _shown(before), _shown(after))


def _of_objects(
    before: dict[str, Any], after: dict[str, Any], path: str, label: str
) -> Iterator[Difference]:
    own = label if not path else _name_of(after, label)
    for key in dict.fromkeys([*before, *after]):
        at = f"{path}.{key}" if path else key
        yield from _between(before.get(key, ABSENT), after.get(key, ABSENT), at, own)


def _fields(value: Any) -> dict[str, Any]:  # noqa: ANN401 - of JSON
    """Return the fields of an object; none of what is absent."""
    return cast("dict[str, Any]", value) if isinstance(value, dict) else {}


def _of_lists(
    before: object, after: object, path: str, label: str
) -> Iterator[Difference]:
    """Yield what differs in the elements of two lists, of which one may be absent."""
    old, new = _by_key(before), _by_key(after)
    for key in dict.fromkeys([*old, *new]):
        at = f"{path}[{key}]"
        if key in old and key in new:
            yield from _between(old[key], new[key], at, label)
            continue
        element = old.get(key, new.get(key))
        name = _name_of(element, str(key))
        shown = (name if key in old else None, name if key in new else None)
        yield Difference(at, label, "", "", *shown, is_element=True)


def _by_key(elements: object) -> Mapping[object, Any]:
    if not isinstance(elements, list):
        return {}
    listed = enumerate(cast("list[Any]", elements))
    return {_fields(x).get("id", i): x for i, x in listed}


def _has_parts(value: object) -> bool:
    listed = cast("list[Any]", value) if isinstance(value, list) else []
    return any(isinstance(x, dict) for x in listed)


def _name_of(element: object, otherwise: str) -> str:
    if not isinstance(element, dict):
        return otherwise
    named = cast("dict[str, Any]", element)
    return str(named.get("name") or named.get("id") or otherwise)


def _shown(value: object) -> str | None:
    if value is ABSENT or value is None:
        return None
    if isinstance(value, list):
        return ", ".join(plain_number(x) for x in cast("list[Any]", value))
    if isinstance(value, dict | bool):
        return json.dumps(value, ensure_ascii=False)
    return grouped_number(value)
