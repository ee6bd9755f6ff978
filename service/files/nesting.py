"""How large a value is and how deep, counted without recursion."""

from typing import cast

MAXIMUM_DEPTH = 64


def measure(value: object) -> tuple[int, int]:
    """Return the number of values inside, itself included, and the depth.

    A word or number has depth 0, an empty list depth 1. Deeper than MAXIMUM_DEPTH is
    not counted: the depth is then MAXIMUM_DEPTH + 1.
    """
    layer, size = [value], 1
    for depth in range(MAXIMUM_DEPTH + 1):
        if not any(isinstance(outer, dict | list) for outer in layer):
            return size, depth
        layer = [inner for outer in layer for inner in _inside(outer)]
        size += len(layer)
    return size, MAXIMUM_DEPTH + 1


def _inside(outer: object) -> list[object]:
    if isinstance(outer, dict):
        return list(cast("dict[str, object]", outer).values())
    return cast("list[object]", outer) if isinstance(outer, list) else []
