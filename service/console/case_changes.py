"""A case with what was typed into the forms of a section.

Inputs are named by the paths that mistakes have, such as rules[fast].steps[2].coverage.
"""

from collections.abc import Iterator, Mapping, Sequence
from copy import deepcopy
from dataclasses import dataclass
from typing import Any

from service.console.case_fields import record_at
from service.console.case_sections import NUMBER_OF_NEW_ROWS, EditedPart, EditedSection
from service.overrides import cite

REMOVED = "removed"
NEW = "new"
UNSOURCED = "assumption: changed by hand, no source given"

Given = Mapping[str, str]
Content = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Edited:
    """A case with what was typed, and the paths of what differs."""

    content: Content
    paths: Sequence[str]


@dataclass(frozen=True, slots=True)
class Element:
    """A part of a case, at a path. label: what people call it; inner: what within."""

    path: str
    label: str
    inner: str
    content: Content


def edited(section: EditedSection, content: Content, given: Given) -> Edited:
    """Return the case with what was typed; nothing is checked but that it differs.

    What is left empty is as if it were absent. The figures get a source.
    """
    made = deepcopy(content)
    paths: list[str] = []
    for part in section.parts:
        if part.is_open:
            paths += _opened(part, made, given)
        for element in elements_of(part, made):
            paths += _changed(part, element, given)
    source = given.get("source") or UNSOURCED
    for path in paths:
        if not path.endswith("]"):
            cite(made, path, source, path)
    return Edited(made, paths)


def _changed(part: EditedPart, element: Element, given: Given) -> Iterator[str]:
    """Put what was typed into an element, and yield the paths of what differs."""
    for field in part.fields:
        path = under(element.path, field.name)
        text = given.get(path)
        before = element.content.get(field.name, field.default)
        if text is None or text == field.shown(before):
            continue
        if text and field.read(text) == before:
            continue
        element.content.pop(field.name, None)
        if text:
            element.content[field.name] = field.read(text)
        yield path


def elements_of(part: EditedPart, content: Content) -> Iterator[Element]:
    """Yield the elements of a part; absent objects are added to the content."""
    steps = part.path.split(".") if part.path else []
    are_lists = record_at(part.path)[1]
    found = [Element("", "", "", content)]
    for step, is_list in zip(steps, are_lists, strict=True):
        found = [
            x for each in found for x in _inside(part, each, step, is_list=is_list)
        ]
    yield from found


def _inside(
    part: EditedPart, outer: Element, step: str, *, is_list: bool
) -> Iterator[Element]:
    path = under(outer.path, step)
    if not is_list:
        inside = outer.content.setdefault(step, {})
        yield Element(path, outer.label, outer.inner, inside)
        return
    listed: list[Content] = outer.content.get(step) or []
    for place, element in enumerate(listed):
        name = str(element.get("name") or element.get("id") or place + 1)
        label = outer.label or name
        inner = "" if not outer.label else name
        if outer.label and part.inner_names:
            inner = part.inner_names[place]
        yield Element(f"{path}[{element.get('id') or place}]", label, inner, element)


def _opened(part: EditedPart, content: Content, given: Given) -> Iterator[str]:
    """Take out what was ticked, add what was typed; yield the paths of both."""
    outer, _, name = part.path.rpartition(".")
    holder = content
    for step in outer.split(".") if outer else ():
        holder = holder.setdefault(step, {})
    elements = [*elements_of(part, content)]
    kept = [x.content for x in elements if not is_gone(x, given)]
    yield from (x.path for x in elements if is_gone(x, given))
    for number in range(1, NUMBER_OF_NEW_ROWS + 1):
        path = f"{part.path}[{NEW}{number}]"
        if typed := typed_in(part, path, given):
            source = given.get("source") or UNSOURCED
            known = {x.name: x for x in part.fields}
            element = {key: known[key].read(text) for key, text in typed.items()}
            kept.append(element | {"sources": {"tonnes": source}})
            yield path
    holder[name] = kept


def is_gone(element: Element, given: Given) -> bool:
    """Whether an element was ticked to be taken out."""
    return under(element.path, REMOVED) in given


def typed_in(part: EditedPart, path: str, given: Given) -> dict[str, str]:
    """Return what was typed into the row of a new element, by field."""
    typed = {x.name: given.get(f"{path}.{x.name}", "") for x in part.fields}
    return {name: text for name, text in typed.items() if text}


def under(path: str, name: str) -> str:
    """Return the path of a field of what is at a path."""
    return f"{path}.{name}" if path else name
