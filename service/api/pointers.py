"""From the paths of mistakes to JSON pointers (RFC 6901) into the body of a request.

A path names elements of lists by their identifiers, as `materials[gallium].name`. A
pointer counts them: `#/materials/0/name`.
"""

import re
from collections.abc import Mapping, Sequence
from typing import cast

_STEP = re.compile(r"\[([^\]]*)\]|([^.\[\]]+)")
_NAMES = ("id", "name")


class Pointers:
    """Finds places in a body."""

    def __init__(self, body: object) -> None:
        self._body = body
        # By list: a body may have a million wrong elements.
        self._numbers: dict[int, Mapping[str, int]] = {}

    def to(self, path: str) -> str:
        """Return the pointer to a place as a URI fragment; `#` is the whole body.

        It leads as far into the body as the path does: to the member that is missing
        from an object, too, but to no element that a list does not have.
        """
        here, steps = self._body, list[str]()
        for bracketed, plain in _STEP.findall(path):
            found = self._step(here, bracketed or plain)
            if found is None:
                if isinstance(here, Mapping) and steps and plain:
                    steps.append(plain)
                break
            step, here = found
            steps.append(step)
        return "#" + "".join(f"/{_escaped(step)}" for step in steps)

    def _step(self, here: object, name: str) -> tuple[str, object] | None:
        """Return the step to what has that name in a value, and it; None if nothing."""
        if isinstance(here, Mapping):
            members = cast("Mapping[str, object]", here)
            return (name, members[name]) if name in members else None
        if not isinstance(here, list):
            return None
        elements = cast("Sequence[object]", here)
        number = self._numbers_in(elements).get(name)
        if number is None and name.isdecimal() and int(name) < len(elements):
            number = int(name)
        return None if number is None else (str(number), elements[number])

    def _numbers_in(self, elements: Sequence[object]) -> Mapping[str, int]:
        """Return the number of each element that has a name, by that name."""
        known = self._numbers.get(id(elements))
        if known is None:
            known = {
                name: number
                for number, element in reversed(list(enumerate(elements)))
                if (name := _name_of(element)) is not None
            }
            self._numbers[id(elements)] = known
        return known


def _name_of(element: object) -> str | None:
    if not isinstance(element, Mapping):
        return None
    members = cast("Mapping[str, object]", element)
    names = (members.get(key) for key in _NAMES)
    return next((name for name in names if isinstance(name, str)), None)


def _escaped(step: str) -> str:
    return step.replace("~", "~0").replace("/", "~1")
