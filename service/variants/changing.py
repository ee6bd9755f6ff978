"""Apply an overlay to the content of a case, before the case is read."""

from collections.abc import Iterator, Mapping, Sequence
from copy import deepcopy
from difflib import get_close_matches
from typing import Any, cast

from models.identifiers import LISTS, NUMBER_OF_NAMES_SHOWN
from models.mistakes import Mistake
from models.reading import InvalidCaseError
from service.overrides import Assignments, SamePathError, section_of
from service.variants.merge_patch import merged
from service.variants.overlay import Overlay
from service.variants.references import without

NOTHING: tuple[object, ...] = (None, [], {})


def changed(
    content: Mapping[str, Any], overlay: Overlay, *, must_change: bool = False
) -> dict[str, Any]:
    """Return the content of a case with the changes of an overlay.

    Sections that nothing changes are shared, not copied. Raises InvalidCaseError with
    every change that leads nowhere and, if it must, every one that changes nothing;
    SamePathError if two paths lead to one value.
    """
    mistakes: list[Mistake] = []
    idle: list[Mistake] = [*_idle_patches(content, overlay.patch, "patch")]
    result = cast("dict[str, Any]", merged(content, overlay.patch))
    result = _selected(result, overlay, mistakes, idle)
    result = _extended(result, overlay, mistakes)
    result = _assigned(result, overlay.values, mistakes, idle)
    if overlay.changes_nothing:
        idle.append(Mistake("variant", "empty", "at least one change of its base"))
    if mistakes or (must_change and idle):
        raise InvalidCaseError([*mistakes, *(idle if must_change else [])])
    return result


def nearest(name: str, known: Sequence[str]) -> str:
    """Return the known names, for a message about one that is not known."""
    shown = ", ".join(known[:NUMBER_OF_NAMES_SHOWN])
    more = ", ..." if len(known) > NUMBER_OF_NAMES_SHOWN else ""
    close = get_close_matches(name, known, n=1)
    hint = f", perhaps {close[0]}" if close else ""
    return f"({shown}{more}){hint}"


def _idle_patches(
    before: object, patch: Mapping[str, Any], path: str
) -> Iterator[Mistake]:
    """Yield the parts of a merge patch that leave the base as it is."""
    has = _mapping(before)
    for key, value in cast("Mapping[str, object]", patch).items():
        at, old = f"{path}.{key}", cast("object", has.get(key))
        if _is_object(value) and _is_object(old):
            yield from _idle_patches(old, _mapping(value), at)
        elif value is None and key not in has:
            yield Mistake(at, None, "null for what is there: nothing is removed")
        elif value is not None and _is_equal(old, value):
            expected = "another value: the base has the same"
            yield Mistake(at, value, expected)


def _selected(
    content: dict[str, Any],
    overlay: Overlay,
    mistakes: list[Mistake],
    idle: list[Mistake],
) -> dict[str, Any]:
    """Return the content without what is dropped or not kept."""
    gone: dict[str, set[str]] = {}
    for verb, wanted in (("keep", overlay.keep), ("drop", overlay.drop)):
        for section, ids in wanted.items():
            at = f"{verb}.{section}"
            if section not in LISTS:
                mistakes.append(_unknown_list(at, section))
                continue
            known = _ids(content, section)
            mistakes += _wrong_ids(at, section, ids, known)
            listed = set(ids)
            chosen = set(known) - listed if verb == "keep" else listed
            if verb == "keep" and not chosen:
                idle.append(
                    Mistake(at, list(ids), "fewer than all: nothing is dropped")
                )
            if section in gone:
                expected = f"{section} in keep or in drop, not in both"
                mistakes.append(Mistake(at, list(ids), expected))
            gone[section] = chosen
    if mistakes or not any(gone.values()):
        return content
    return without(content, gone)


def _wrong_ids(
    at: str, section: str, ids: Sequence[str], known: Sequence[str]
) -> Iterator[Mistake]:
    if not ids:
        yield Mistake(at, [], "at least one id")
    for place, identifier in enumerate(ids):
        if identifier not in known:
            expected = f"one of the {section} {nearest(identifier, known)}"
            yield Mistake(f"{at}[{place}]", identifier, expected)
        elif identifier in ids[:place]:
            yield Mistake(f"{at}[{place}]", identifier, "each id once")


def _extended(
    content: dict[str, Any], overlay: Overlay, mistakes: list[Mistake]
) -> dict[str, Any]:
    """Return the content with the elements that are added."""
    for section, elements in overlay.add.items():
        if section not in LISTS:
            mistakes.append(_unknown_list(f"add.{section}", section))
            continue
        if not elements:
            mistakes.append(Mistake(f"add.{section}", [], "at least one element"))
        known = set(_ids(content, section))
        for place, element in enumerate(elements):
            identifier, at = element.get("id"), f"add.{section}[{place}].id"
            if not isinstance(identifier, str):
                mistakes.append(Mistake(at, identifier or "absent", "an id"))
            elif identifier in known:
                expected = "an id that no other has; `set` changes what is there"
                mistakes.append(Mistake(at, identifier, expected))
            else:
                known.add(identifier)
        content = _with_more(content, section, elements)
    return content


def _assigned(
    content: dict[str, Any],
    values: Mapping[str, Any],
    mistakes: list[Mistake],
    idle: list[Mistake],
) -> dict[str, Any]:
    """Return the content with values put at paths."""
    content = dict(content)
    own: set[str] = set()
    assignments = Assignments()
    for path, value in values.items():
        try:
            section = section_of(content, path, path)
            if section not in own:
                own.add(section)
                if section in content:
                    # All variants share the section of the base.
                    content[section] = deepcopy(content[section])
            before = assignments.put(content, path, deepcopy(value), path)
            if _is_equal(before, value):
                expected = "another value: the base has the same"
                idle.append(Mistake(path, value, expected))
        except SamePathError:
            raise
        except InvalidCaseError as error:
            mistakes += error.mistakes
    return content


def _is_equal(before: object, value: object) -> bool:
    # A document leaves out what it does not have.
    return before == value or (before in NOTHING and value in NOTHING)


def _unknown_list(at: str, section: str) -> Mistake:
    expected = f"a list of elements with ids {nearest(section, LISTS)}"
    return Mistake(at, section, expected)


def _ids(content: Mapping[str, Any], section: str) -> list[str]:
    return [x["id"] for x in _elements(content, section) if "id" in x]


def _elements(content: Mapping[str, Any], section: str) -> list[dict[str, Any]]:
    here: object = content
    for key in section.split("."):
        here = _mapping(here).get(key)
    listed = cast("list[Any]", here if isinstance(here, list) else [])
    return [element for element in listed if isinstance(element, dict)]


def _is_object(value: object) -> bool:
    return isinstance(value, Mapping)


def _mapping(value: object) -> Mapping[str, Any]:
    """Return the value if it is an object, else an empty one."""
    return cast("Mapping[str, Any]", value) if isinstance(value, Mapping) else {}


def _with_more(
    content: dict[str, Any], section: str, elements: Sequence[Mapping[str, Any]]
) -> dict[str, Any]:
    first, _, rest = section.partition(".")
    if rest:
        inner = cast("dict[str, Any]", content.get(first) or {})
        return {**content, first: _with_more(inner, rest, elements)}
    return {**content, first: [*_elements(content, first), *deepcopy(elements)]}
