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
