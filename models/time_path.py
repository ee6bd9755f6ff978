"""A figure that changes over the horizon: points, linear between them."""

from typing import Annotated

from pydantic import AfterValidator, Field

from models.record import Record
from models.units import PeriodIndex


class PathPoint(Record):
    """The figure in one period."""

    period: PeriodIndex = Field(description="Period, counted from 0.")
    value: float = Field(description="The figure in that period, in its unit.")


def _rising(path: tuple[PathPoint, ...]) -> tuple[PathPoint, ...]:
    periods = [point.period for point in path]
    if periods != sorted(set(periods)):
        msg = f"periods are {periods}, expected each after the one before"
        raise ValueError(msg)
    return path


def _of_fractions(path: tuple[PathPoint, ...]) -> tuple[PathPoint, ...]:
    for point in path:
        if not 0 <= point.value <= 1:
            msg = f"value {point.value:g} in period {point.period}, expected 0 to 1"
            raise ValueError(msg)
    return path


TimePath = Annotated[tuple[PathPoint, ...], AfterValidator(_rising)]
Ramp = Annotated[TimePath, AfterValidator(_of_fractions)]


def value_in(path: tuple[PathPoint, ...], t: int) -> float:
    """Return the figure in a period: the first before the path, the last after it.

    Raises
    ------
    IndexError
        If the path has no points.
    """
    before = path[0]
    for point in path:
        if point.period >= t:
            span = point.period - before.period
            part = (t - before.period) / span if span and t > before.period else 1.0
            return before.value + part * (point.value - before.value)
        before = point
    return before.value


def path_from(path: tuple[PathPoint, ...], t: int) -> tuple[PathPoint, ...]:
    """Return the same figures with period t as period 0."""
    later = [
        PathPoint(period=point.period - t, value=point.value)
        for point in path
        if point.period > t
    ]
    if path and path[0].period <= t:
        later.insert(0, PathPoint(period=0, value=value_in(path, t)))
    return tuple(later)


def fraction_in(ramp: tuple[PathPoint, ...], t: int) -> float:
    """Return the fraction in a period, 1 without a ramp."""
    return value_in(ramp, t) if ramp else 1.0
