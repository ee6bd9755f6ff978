"""JSON text as plain values, with a limit on depth; a repeated key is a mistake."""

import json
from typing import cast

from models.mistakes import Mistake
from models.reading import InvalidCaseError
from service.files.text import fault

MAXIMUM_DEPTH = 64


def parse_json(text: str, source: str) -> object:
    """Return the value of a JSON text, or raise InvalidCaseError.

    `source` names the text in messages. NaN and Infinity are returned as numbers, so
    that the validation of the case reports them with the path of the field.
    """
    mistakes: list[Mistake] = []

    def unique(pairs: list[tuple[str, object]]) -> dict[str, object]:
        content = dict(pairs)
        if len(content) < len(pairs):
            mistakes.extend(_repeated(pairs, source))
        return content

    try:
        value: object = json.loads(text, object_pairs_hook=unique)
    except json.JSONDecodeError as error:
        lines = text.splitlines() or [""]
        line = lines[min(error.lineno, len(lines)) - 1].strip()
        at = f"{source}, line {error.lineno}, column {error.colno}"
        raise fault(at, line, f"JSON ({error.msg})") from None
    except RecursionError:
        raise fault(source, "nested", f"at most {MAXIMUM_DEPTH} levels") from None
    except ValueError as error:
        raise fault(source, "a number", f"fewer digits ({error})") from None
    if mistakes:
        raise InvalidCaseError(mistakes)
    if measure(value)[1] > MAXIMUM_DEPTH:
        raise fault(source, "nested", f"at most {MAXIMUM_DEPTH} levels")
    return value


def _repeated(pairs: list[tuple[str, object]], source: str) -> list[Mistake]:
    keys = [key for key, _ in pairs]
    owner = dict(pairs).get("id")
    place = source if owner is None else f"{source}, [{owner}]"
    repeated = sorted({key for key in keys if keys.count(key) > 1})
    return [
        Mistake(f"{place}.{key}", "given twice", "each key once") for key in repeated
    ]


def measure(value: object) -> tuple[int, int]:
    """Return the number of values inside, itself included, and the depth.

    A scalar has depth 0, an empty list depth 1. Below MAXIMUM_DEPTH nothing is counted;
    the depth is then MAXIMUM_DEPTH + 1. Not recursive, so that no depth is too much.
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
