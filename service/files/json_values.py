"""JSON text as plain values; a key given twice is a mistake."""

import json

from models.mistakes import Mistake
from models.reading import InvalidCaseError
from service.files.nesting import MAXIMUM_DEPTH, measure
from service.files.text import fault


def parse_json(text: str, source: str) -> object:
    """Return the value of a JSON text, or raise InvalidCaseError.

    `source` names the text in messages. NaN and Infinity come through as numbers: who
    reads the case reports them with the path of the field.
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
