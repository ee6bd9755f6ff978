"""Convergence of a solve: the best plan and the lower bound over time."""

from collections.abc import Sequence

from models.outcome import ProgressRecord
from service.pictures.figure import PRINTED, Figure, Look, figure_of
from service.pictures.marks import Canvas, Point
from service.pictures.panel import (
    BELOW_PX,
    Box,
    Panel,
    Range,
    legend,
    panel_of,
    room_for,
)
from service.pictures.scale import Scale
from service.pictures.style import BLUE, INK, LINE_PX, VERMILION, area_of, line_of
from service.pictures.words import Words
from service.tabular.flat_tables import Column, FlatTable

PLOT_PX, ROOM = 200.0, 0.06
MINUTE_S, LONG_S = 60.0, 600.0
GAPS_SHOWN, LEAST_SHOWN = 12.0, 0.05  # of the axis: last gaps, share of the objective
SHADE = area_of(INK, 0.12)
Step = tuple[float, float]  # seconds and dollars, from then on


def convergence_picture(
    records: Sequence[ProgressRecord], look: Look = PRINTED
) -> Figure:
    """Return incumbent and bound by steps, to the time of the last record.

    Both are those of the objective. What is between them is the gap.
    """
    words, canvas = look.words, Canvas()
    upper = _steps([(x.seconds, x.upper_bound_usd) for x in records])
    lower = _steps([(x.seconds, x.lower_bound_usd) for x in records])
    last = max((x.seconds for x in records), default=0.0)
    entries = [(BLUE, words("best plan")), (VERMILION, words("lower bound"))]
    top = legend(canvas, entries, look.width_px) + LINE_PX
    found = [usd for _, usd in (*upper, *lower)]
    divisor, unit = words.money_unit(max(map(abs, found), default=0.0))
    up = _range(upper, lower, divisor)
    is_long = last >= LONG_S
    across = Range(0.0, (last / MINUTE_S if is_long else last) or 1.0)
    room = room_for(Scale(*up, 0.0, 1.0).ticks(5))
    box = Box(room, top, look.width_px - 12, top + PLOT_PX)
    panel = panel_of(canvas, box, across, up)
    panel.mark_left(unit=words("Objective, {unit}", unit=unit))
    panel.mark_below(words("Minutes") if is_long else words("Seconds"))
    time = MINUTE_S if is_long else 1.0
    curves = [_curve(panel, steps, last, (time, divisor)) for steps in (upper, lower)]
    _shade(panel, *curves)
    for curve, colour in zip(curves, (BLUE, VERMILION), strict=True):
        canvas.curve(curve, line_of(colour))
    if not upper:
        middle = (box.left + box.right) / 2, (box.top + box.bottom) / 2
        canvas.text(middle, words("no plan yet"), "middle")
    said = (
        words("Best plan and lower bound of the solve"),
        words(
            "No plan has a lower objective than the bound. Shade: the gap. What is "
            "beyond the axis is drawn at its edge."
        ),
    )
    size = look.width_px, box.bottom + BELOW_PX
    return figure_of(canvas, size, said, _table(records, words))


def _steps(values: Sequence[tuple[float, float | None]]) -> list[Step]:
    """Return where a value begins, without records that repeat it."""
    steps: list[Step] = []
    for seconds, usd in values:
        if usd is not None and (not steps or steps[-1][1] != usd):
            steps.append((seconds, usd))
    return steps


def _range(upper: Sequence[Step], lower: Sequence[Step], divisor: float) -> Range:
    """Return the axis of the objective, on which the last gap is visible.

    Bounds of the beginning may be far from the answer, and would make all later ones
    one line.
    """
    values = [usd / divisor for _, usd in (*upper, *lower)]
    low, high = min(values, default=0.0), max(values, default=1.0)
    if upper and lower:
        best, bound = upper[-1][1] / divisor, lower[-1][1] / divisor
        most = max(GAPS_SHOWN * (best - bound), LEAST_SHOWN * abs(best))
        low, high = max(low, best - most), min(high, best + most)
    room = ROOM * ((high - low) or abs(high) or 1.0)
    return Range(low - room, high + room)


def _curve(
    panel: Panel, steps: Sequence[Step], last_s: float, units: tuple[float, float]
) -> list[Point]:
    """Return a curve by steps, to the end of the time."""
    time, money = units
    points: list[Point] = []
    for seconds, usd in steps:
        shown = min(max(usd / money, panel.y.low), panel.y.high)
        x, y = panel.at(seconds / time, shown)
        if points:
            points.append((x, points[-1][1]))
        points.append((x, y))
    if points:
        points.append((panel.x.at(last_s / time), points[-1][1]))
    return points


def _shade(panel: Panel, upper: list[Point], lower: list[Point]) -> None:
    """Shade the gap, from when both are known."""
    if not upper or not lower:
        return
    start = max(upper[0][0], lower[0][0])
    panel.canvas.area(_from(lower, start), _from(upper, start), SHADE)


def _from(curve: list[Point], start: float) -> list[Point]:
    later = [point for point in curve if point[0] >= start]
    before = [point for point in curve if point[0] < start]
    return [(start, before[-1][1]), *later] if before else later


def _table(records: Sequence[ProgressRecord], words: Words) -> FlatTable:
    columns = (
        Column("seconds", float, words("Seconds")),
        Column("upper_bound_usd", float, words("Best plan, US dollars")),
        Column("lower_bound_usd", float, words("Lower bound, US dollars")),
        Column("gap", float, words("Gap, share")),
    )
    rows: list[tuple[float | None, ...]] = []
    for x in records:
        row = (x.upper_bound_usd, x.lower_bound_usd, x.gap)
        if any(cell is not None for cell in row) and (
            not rows or rows[-1][1:3] != row[:2]
        ):
            rows.append((x.seconds, *row))
    return FlatTable("convergence", columns, tuple(rows))
