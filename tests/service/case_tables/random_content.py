"""Contents of cases drawn from a seed: every field may be there, with odd values.

They have the form of a case and no more: names refer to nothing, bounds do not hold.
"""

import datetime as dt
from random import Random
from typing import Any

from service.case_tables.kinds import CellKind, Shape
from service.case_tables.layout import ID, VALUE, CaseColumn, Sheet, Way, layout

ODD_TEXTS = (
    "",
    '""',
    '"""',
    '"',
    "-",
    "=1+1",
    "+SUM(A1:B2)",
    "'quoted'",
    "12,5",
    "007",
    "yes",
    "_x0041_",
    "two\nlines",
    "a\rb\tc",
    "x\x0by\x1fz",
    "鉱物: ガリウム; 備蓄",
    "back\\slash: and \\n",
    "😀",
    "\u2028",
    "Note",
)
LONGEST = 3
Content = dict[str, Any]


def random_content(seed: int) -> Content:
    """Return a content of a case as its canonical JSON would have it."""
    draw = Random(seed)  # noqa: S311 - no secret
    content: Content = {}
    for column in layout().figures:
        _put(content, column.way, _value(draw, column), column)
    for sheet in layout().sheets:
        if sheet.outer is None:
            _fill(draw, sheet, content)
    return content


def _fill(draw: Random, sheet: Sheet, holder: Content) -> None:
    """Put a list, and those in its parts, into what holds it."""
    number = draw.randrange(LONGEST)
    if sheet.is_mapping:
        elements: Any = {f"k{i}": _value(draw, sheet.columns[1]) for i in range(number)}
    else:
        elements = [_part(draw, sheet, i) for i in range(number)]
    if elements or sheet.is_required:
        for step in sheet.inside[:-1]:
            holder = holder.setdefault(step, {})
        holder[sheet.inside[-1]] = elements


def _part(draw: Random, sheet: Sheet, number: int) -> Content:
    part: Content = {}
    for column in sheet.columns:
        value = f"id-{number}" if column.way == (ID,) else _value(draw, column)
        _put(part, column.way, value, column)
    for inner in layout().sheets:
        if inner.outer is sheet:
            _fill(draw, inner, part)
    return part


def _put(part: Content, way: Way, value: object, column: CaseColumn) -> None:
    """Put a value into a part unless an empty cell means it."""
    if value is None or value in _meant_by_empty(column):
        return
    for step in way[:-1]:
        part = part.setdefault(step, {})
    part[way[-1]] = value


def _meant_by_empty(column: CaseColumn) -> list[object]:
    if column.default == "":
        return [""]
    return [[]] if column.default in ((), frozenset()) else []


def _value(draw: Random, column: CaseColumn) -> Any:  # noqa: ANN401
    is_free = not column.is_required and column.way != (VALUE,)
    if is_free and draw.random() < 0.3:
        return None
    values = column.values
    match values.shape:
        case Shape.LINES:
            return {_text(draw).strip(): _text(draw).strip() for _ in range(3)}
        case Shape.LIST if values.choices and draw.random() < 0.5:
            return draw.choice(values.choices)
        case Shape.LIST:
            return [
                _one(draw, values.kind, is_name=True) for _ in range(draw.randrange(4))
            ]
        case _ if values.choices:
            return draw.choice(values.choices)
        case _:
            return _one(draw, values.kind, is_name=False)


def _one(draw: Random, kind: CellKind, *, is_name: bool) -> Any:  # noqa: ANN401
    match kind:
        case CellKind.TEXT:
            return f"name-{draw.randrange(99)}" if is_name else _text(draw).strip()
        case CellKind.NUMBER:
            return draw.choice((0.0, 1e-300, draw.random(), draw.uniform(-1e15, 1e15)))
        case CellKind.WHOLE:
            return draw.choice((0, -5, draw.randrange(2**63)))
        case CellKind.TRUTH:
            return draw.random() < 0.5
        case CellKind.DAY:
            last = dt.date.max.toordinal()
            return dt.date.fromordinal(draw.randrange(1, last)).isoformat()


def _text(draw: Random) -> str:
    if draw.random() < 0.5:
        return draw.choice(ODD_TEXTS)
    letters = (chr(draw.choice((draw.randrange(1, 0x250), 0x3042))) for _ in range(9))
    return "".join(letters)
