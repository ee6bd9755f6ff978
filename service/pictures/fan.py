"""A fan on axes: median, middle half and middle nine tenths of the scenarios."""

# matplotlib leaves the types of its keyword arguments open.
# pyright: reportUnknownMemberType=false

import datetime as dt
from collections.abc import Sequence
from math import ceil

import numpy as np
from matplotlib.axes import Axes
from matplotlib.dates import AutoDateLocator, DateFormatter, MonthLocator, YearLocator
from numpy.typing import NDArray

from models.trajectories import Fan
from service.pictures.style import BLUE

EPOCH = dt.date(1970, 1, 1)  # matplotlib counts days from here
FEWEST_MONTHS = 3  # for ticks on the first of months
MONTHS_BETWEEN_TICKS = (1, 2, 3, 6)
EXPLANATION = "Line: median. Dark: 25 to 75 %, light: 5 to 95 % of the probability."


def draw_fan(
    axes: Axes,
    starts: Sequence[dt.date],
    fan: Fan,
    divisor: float = 1.0,
    most_ticks: int = 6,
) -> None:
    """Draw a fan over dates, with gaps where it is undefined."""
    at = positions(starts)
    series = {
        name: np.array(
            [np.nan if x is None else getattr(x, name) / divisor for x in fan.periods]
        )
        for name in ("p5", "p25", "p50", "p75", "p95")
    }
    for low, high, alpha in (("p5", "p95", 0.18), ("p25", "p75", 0.35)):
        axes.fill_between(
            at, series[low], series[high], color=BLUE, alpha=alpha, linewidth=0.0
        )
    axes.plot(at, series["p50"], color=BLUE)
    date_axis(axes, starts, most_ticks)
    axes.set_xlim(at[0], at[-1] if len(at) > 1 else at[0] + 1)


def date_axis(axes: Axes, starts: Sequence[dt.date], most_ticks: int = 6) -> None:
    """Label the horizontal axis by months, or by years on a long horizon."""
    months = (starts[-1].year - starts[0].year) * 12 + starts[-1].month
    months += 1 - starts[0].month
    between = ceil(months / most_ticks)
    if months < FEWEST_MONTHS:
        axes.xaxis.set_major_locator(AutoDateLocator(maxticks=most_ticks))
        axes.xaxis.set_major_formatter(DateFormatter("%d %b\n%Y"))
        return
    step = next((x for x in MONTHS_BETWEEN_TICKS if x >= between), None)
    if step is None:
        axes.xaxis.set_major_locator(YearLocator(ceil(between / 12)))
        axes.xaxis.set_major_formatter(DateFormatter("%Y"))
    else:
        axes.xaxis.set_major_locator(MonthLocator(range(1, 13, step)))
        axes.xaxis.set_major_formatter(DateFormatter("%b\n%Y"))


def positions(starts: Sequence[dt.date]) -> NDArray[np.float64]:
    """Return the positions of dates on a date axis."""
    return np.array([(start - EPOCH).days for start in starts], dtype=np.float64)


def largest(fan: Fan) -> float:
    """Return the largest value in a fan, or 0 if it is undefined everywhere."""
    return max((max(abs(x.p5), abs(x.p95)) for x in fan.periods if x), default=0.0)
