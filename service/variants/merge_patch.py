"""JSON merge patches (RFC 7396): an object merges, null removes, all else replaces."""

from collections.abc import Mapping
from typing import Any, cast


def merged(target: object, patch: object) -> object:
    """Return the target with the patch applied, as a new object.

    Parts that the patch does not touch are shared, not copied.
    """
    if not isinstance(patch, Mapping):
        return patch
    given = cast("Mapping[str, Any]", patch)
    is_object = isinstance(target, Mapping)
    before = cast("Mapping[str, Any]", target if is_object else {})
    result = {key: value for key, value in before.items() if key not in given}
    for key, value in given.items():
        if value is not None:
            result[key] = merged(before.get(key), value)
    return result


def difference(before: Mapping[str, Any], after: Mapping[str, Any]) -> dict[str, Any]:
    """Return the merge patch that makes one object of the other.

    Objects inside differ by their parts; lists and values are replaced.
    """
    patch: dict[str, Any] = {key: None for key in before if key not in after}
    for key, value in after.items():
        old = before.get(key)
        if key in before and old == value:
            continue
        are_objects = isinstance(old, Mapping) and isinstance(value, Mapping)
        patch[key] = (
            difference(cast("Mapping[str, Any]", old), cast("Mapping[str, Any]", value))
            if are_objects
            else value
        )
    return patch
