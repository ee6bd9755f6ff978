"""A fan on axes: median, middle half and middle nine tenths of the scenarios."""

import datetime as dt
from collections.abc import Sequence

from models.trajectories import Fan
from service.pictures.marks import Point
from service.pictures.panel import Panel
from service.pictures.style import BLUE, area_of, line_of
from service.pictures.words import Words
from service.tabular.flat_tables import Column, Scalar

BANDS = (("p5", "p95", 0.22), ("p25", "p75", 0.45))


def explanation(words: Words) -> str:
    """Return what the marks of a fan mean."""
    return words("Line: median. Dark: 25 to 75 %, light: 5 to 95 % of the probability.")


def draw_fan(panel: Panel, fan: Fan, divisor: float = 1.0) -> None:
    """Draw a fan over positions of periods, with gaps where it is undefined."""
    for low, high, opacity in BANDS:
        lower, upper = (_curve(panel, fan, name, divisor) for name in (low, high))
        panel.canvas.area(lower, upper, area_of(BLUE, opacity))
    panel.canvas.curve(_curve(panel, fan, "p50", divisor), line_of(BLUE))


def _curve(panel: Panel, fan: Fan, name: str, divisor: float) -> list[Point | None]:
    return [
        None if x is None else panel.at(i, getattr(x, name) / divisor)
        for i, x in enumerate(fan.periods)
    ]


def ends(fan: Fan) -> tuple[float, float]:
    """Return the least and the largest value in a fan, or 0 if there is none."""
    lows = [x.p5 for x in fan.periods if x]
    return min(lows, default=0.0), max((x.p95 for x in fan.periods if x), default=0.0)


def fan_columns(name: str, heading: str, words: Words) -> tuple[Column, ...]:
    """Return the columns of a fan in a table: first day of a period, quantiles."""
    shares = (("p5", 5), ("p25", 25), ("p50", 50), ("p75", 75), ("p95", 95))
    quantiles = (
        Column(
            f"{quantile}_{name}",
            float,
            words("{quantity}, {percent} % quantile", quantity=heading, percent=share),
        )
        for quantile, share in shares
    )
    return (Column("start", dt.date, words("Period beginning")), *quantiles)


def fan_rows(starts: Sequence[dt.date], fan: Fan) -> list[tuple[Scalar, ...]]:
    """Return the rows of a fan in a table; without a value they are empty."""
    return [
        (start, *((None,) * 5 if x is None else (x.p5, x.p25, x.p50, x.p75, x.p95)))
        for start, x in zip(starts, fan.periods, strict=True)
    ]
