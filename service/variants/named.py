"""Variants by name: the section `variants` of a case file, and the cases they make."""

import re
from collections.abc import Iterator, Mapping
from typing import Any, cast

from pydantic import ValidationError

from models.mistakes import Mistake
from models.reading import InvalidCaseError
from service.files.validation import mistakes_in
from service.overrides import cite
from service.variants.changing import changed, nearest
from service.variants.overlay import Overlay

SECTION = "variants"
NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9_-]{0,63}")
IDENTITY = ("id", "name", "description")


def read_variants_section(section: object) -> dict[str, Overlay]:
    """Return the overlays of a section by name; raise InvalidCaseError if any is wrong.

    Only their form is checked; a variant is applied when it is asked for.
    """
    if not isinstance(section, Mapping):
        found = "empty" if section is None else type(section).__name__
        raise InvalidCaseError([Mistake(SECTION, found, "overlays by name")])
    overlays: dict[str, Overlay] = {}
    mistakes: list[Mistake] = []
    for name, content in cast("Mapping[object, object]", section).items():
        at = f"{SECTION}[{name}]"
        if not isinstance(name, str) or not NAME.fullmatch(name):
            expected = "a name of letters, digits, _ and -, without a colon"
            mistakes.append(Mistake(at, name, expected))
            continue
        try:
            overlays[name] = Overlay.model_validate(content)
        except ValidationError as error:
            mistakes += (_inside(at, fault) for fault in mistakes_in(error, ""))
        else:
            mistakes += _without_title(at, overlays[name])
    mistakes += _wrong_bases(overlays, cast("Mapping[object, object]", section))
    if mistakes:
        raise InvalidCaseError(mistakes)
    return overlays


def varied_case(
    content: Mapping[str, Any],
    name: str,
    overlay: Overlay,
    *,
    must_change: bool = False,
) -> dict[str, Any]:
    """Return the content of a variant of a case.

    One with a title has an id, `case:name`, a name and a description of its own, and
    sources for its values. Raises InvalidCaseError with every mistake of the overlay.
    """
    result = changed(content, overlay, must_change=must_change)
    if not overlay.title:
        return result
    if mistakes := [*_own_identity(overlay), *_cited(result, name, overlay)]:
        raise InvalidCaseError(mistakes)
    return result | {
        "id": f"{content.get('id')}:{name}",
        "name": f"{content.get('name')}: {overlay.title}",
        "description": overlay.reason,
    }


def in_variant(name: str, error: InvalidCaseError) -> InvalidCaseError:
    """Return an error with the name of the variant in the place of each mistake."""
    return InvalidCaseError(
        [_inside(f"{SECTION}[{name}]", mistake) for mistake in error.mistakes]
    )


def _inside(at: str, mistake: Mistake) -> Mistake:
    path = f"{at}.{mistake.path}".rstrip(".")
    return Mistake(path, mistake.value, mistake.expected)


def _without_title(at: str, overlay: Overlay) -> Iterator[Mistake]:
    if not overlay.title.strip():
        yield Mistake(f"{at}.title", overlay.title or "absent", "a title")


def _wrong_bases(
    overlays: Mapping[str, Overlay], section: Mapping[object, object]
) -> Iterator[Mistake]:
    """Yield bases that are no variants, or variants of variants themselves."""
    for name, overlay in overlays.items():
        at = f"{SECTION}[{name}].base"
        if overlay.base and overlay.base not in section:
            known = nearest(overlay.base, [x for x in overlays if x != name])
            expected = f"another variant of the case {known}"
            yield Mistake(at, overlay.base, expected)
        elif overlay.base in overlays and overlays[overlay.base].base:
            yield Mistake(at, overlay.base, "a variant that has no base itself")


def _own_identity(overlay: Overlay) -> Iterator[Mistake]:
    for field in IDENTITY:
        for place in ("patch", "set"):
            given = overlay.patch if place == "patch" else overlay.values
            if field in given:
                expected = "absent: title and reason name and describe the variant"
                yield Mistake(f"{place}.{field}", given[field], expected)


def _cited(content: dict[str, Any], name: str, overlay: Overlay) -> Iterator[Mistake]:
    """Write the sources of values into the case, and yield those of no value."""
    for path, source in overlay.sources.items():
        if path not in overlay.values:
            yield Mistake(f"sources.{path}", source, "the path of a value in `set`")
    for path in overlay.values:
        given = overlay.sources.get(path)
        reason = f"variant {name}: {overlay.reason or overlay.title}"
        is_cited = cite(content, path, given or reason, path)
        if given and not is_cited:
            expected = "a value of a part that has sources; else say it in the reason"
            yield Mistake(f"sources.{path}", given, expected)
