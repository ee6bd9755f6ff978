"""A grid: several PATH=VALUES, and every combination of the values."""

import itertools
import math
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from typing import cast

from pydantic import JsonValue, ValidationError

from models.batch import Axis
from models.mistakes import Mistake
from models.reading import InvalidCaseError
from service.files.text import fault
from service.files.validation import mistakes_in
from service.files.yaml_values import parse_yaml
from service.overrides import assigned

FORM = "PATH=FIRST..LAST:NUMBER or PATH=VALUE,VALUE,..."
RANGE = re.compile(r"(?P<first>[^,\[\]]+)\.\.(?P<last>[^,\[\]:]+):(?P<number>\d{1,6})")
MOST_VALUES = 100_000


def axes_of(texts: Sequence[str], option: str = "--vary") -> tuple[Axis, ...]:
    """Return the axes of a grid, or raise InvalidCaseError with every mistake."""
    axes: list[Axis] = []
    mistakes: list[Mistake] = []
    for text in texts:
        try:
            axes.append(axis_of(text, option))
        except InvalidCaseError as error:
            mistakes += error.mistakes
    if mistakes:
        raise InvalidCaseError(mistakes)
    return tuple(axes)


def axis_of(text: str, option: str = "--vary") -> Axis:
    """Return an axis: numbers in equal steps, or a list of any values."""
    path, at, values = assigned(text, option, FORM)
    if found := RANGE.fullmatch(values.strip()):
        return Axis(path=path, values=_numbers(found, at, values))
    listed = parse_yaml(f"[{values}]", at)
    if not listed or not isinstance(listed, list):
        raise fault(at, values, FORM.removeprefix("PATH="))
    try:
        return Axis(path=path, values=tuple(cast("list[JsonValue]", listed)))
    except ValidationError as error:
        found = mistakes_in(error, path)
        raise InvalidCaseError([replace(x, path=at) for x in found]) from None


def combinations(axes: Sequence[Axis]) -> Iterator[Mapping[str, JsonValue]]:
    """Yield each combination of values, by path; the last axis varies fastest."""
    paths = [axis.path for axis in axes]
    for values in itertools.product(*(axis.values for axis in axes)):
        yield dict(zip(paths, values, strict=True))


def number_of_combinations(axes: Sequence[Axis]) -> int:
    """Return the number of combinations; 0 without an axis."""
    return math.prod(len(axis.values) for axis in axes) if axes else 0


def _numbers(
    found: re.Match[str], at: str, values: str
) -> tuple[float | int | str, ...]:
    ends = [parse_yaml(found[name], at) for name in ("first", "last")]
    number = int(found["number"])
    first, last = (
        float(end) if isinstance(end, int | float) and end is not True else math.nan
        for end in ends
    )
    is_range = math.isfinite(first) and math.isfinite(last)
    if not is_range or not 1 < number <= MOST_VALUES:
        expected = f"two numbers, and how many in all, 2 to {MOST_VALUES}"
        raise fault(at, values, expected)
    steps = range(number - 1)
    inner = [first + (last - first) * i / (number - 1) for i in steps]
    # Whole numbers in whole steps stay integers, as for scenarios or periods.
    are_whole = all(isinstance(end, int) for end in ends)
    points = [*inner, last]
    if are_whole and all(point.is_integer() for point in points):
        return tuple(int(point) for point in points)
    return tuple(points)
