"""What a spreadsheet lets people enter in a column: drop-downs, bounds, dates."""

from collections.abc import Callable
from typing import Any

from models.record import LARGEST_NUMBER, LARGEST_WHOLE
from service.case_tables.kinds import CellKind, NumberBounds, Shape, Values
from service.case_tables.layout import CaseColumn, Way
from service.case_tables.parts import YES_OR_NO

Rule = dict[str, Any]  # options of a validation of the library that writes
LONGEST_LIST = 255  # characters of the words of a drop-down
FIRST_DATE = 61  # 1 March 1900: before it, spreadsheets count a day that never was


def rule_of(column: CaseColumn, cell: str, names: Callable[[Way], str]) -> Rule | None:
    """Return what may be entered in a column; None if a spreadsheet cannot check it.

    `cell` is its first cell, as formulas name it; `names` returns the range of the
    names of a list.
    """
    values = column.values
    if values.shape is not Shape.ONE:
        return None
    if column.refers_to is not None:
        listed = ".".join(column.refers_to)
        return _choice(names(column.refers_to), f"One of the {listed}.")
    if values.kind is CellKind.TRUTH:
        return _choice(list(YES_OR_NO), "yes or no.")
    if values.choices:
        return _of_words(values.choices)
    return _of_numbers(values, cell)


def bounds_in_words(values: Values) -> str:
    """Return the bounds of a number as a sentence without full stop; none if empty."""
    bounds = values.bounds
    below, above = bounds.excludes_upper, bounds.excludes_lower
    lower = (
        f"{'above' if above else 'at least'} {bounds.lower:g}"
        if _is(bounds.lower)
        else ""
    )
    upper = (
        f"{'below' if below else 'at most'} {bounds.upper:g}"
        if _is(bounds.upper)
        else ""
    )
    return " and ".join(x for x in (lower, upper) if x)


def _is(bound: float | None) -> bool:
    return bound is not None


def _of_words(words: tuple[str, ...]) -> Rule | None:
    listed = ", ".join(words)
    if len(",".join(words)) > LONGEST_LIST:
        return None
    return _choice(list(words), f"One of: {listed}.")


def _choice(source: str | list[str], message: str) -> Rule:
    return {"validate": "list", "source": source, **_told(message)}


def _of_numbers(values: Values, cell: str) -> Rule | None:
    match values.kind:
        case CellKind.NUMBER | CellKind.WHOLE:
            kind = "whole" if values.kind is CellKind.WHOLE else "decimal"
            noun = "A whole number" if values.kind is CellKind.WHOLE else "A number"
            message = f"{noun} {bounds_in_words(values)}".strip() + "."
            return {**_within(kind, values.bounds, cell), **_told(message)}
        case CellKind.DAY:
            date = {"validate": "date", "criteria": ">=", "value": FIRST_DATE}
            return {**date, **_told("A date.")}
        case _:
            return None


def _within(kind: str, bounds: NumberBounds, cell: str) -> Rule:
    largest = LARGEST_WHOLE if kind == "whole" else LARGEST_NUMBER
    lower = -largest if bounds.lower is None else bounds.lower
    upper = largest if bounds.upper is None else bounds.upper
    if bounds.excludes_lower or bounds.excludes_upper:
        above = ">" if bounds.excludes_lower else ">="
        below = "<" if bounds.excludes_upper else "<="
        each = f"ISNUMBER({cell}),{cell}{above}{lower:g},{cell}{below}{upper:g}"
        return {"validate": "custom", "value": f"=AND({each})"}
    return {
        "validate": kind,
        "criteria": "between",
        "minimum": lower,
        "maximum": upper,
    }


def _told(message: str) -> Rule:
    return {"error_title": "Not possible here", "error_message": message[:255]}
