"""Materials month by month: for each its stock, and below it the gap of each period."""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from math import ceil

from service.pictures.figure import Look
from service.pictures.marks import Canvas
from service.pictures.panel import BELOW_PX, Box, Panel, Range, panel_of, room_for
from service.pictures.scale import Scale
from service.pictures.style import (
    AXIS,
    BLUE,
    INK,
    TITLE_PX,
    VERMILION,
    Attributes,
    area_of,
    line_of,
)

LEAST_PANEL_PX, STOCK_PX, GAP_PX, BETWEEN_PX = 210.0, 66.0, 46.0, 14.0
ABOVE_PX, MIDDLE_PX = TITLE_PX + 12, 14.0
HEADROOM, TICKS, BAR_SHARE = 1.08, 2, 0.8
COVERED, MISSING = area_of(BLUE, 0.45), area_of(VERMILION)
CHOSEN: Attributes = line_of(INK, 1, "2 2", 0.8)


@dataclass(frozen=True, slots=True)
class MaterialMonths:
    """A material in all periods, tonnes by period.

    other: the stock with another plan, a thinner line where it is another.
    """

    name: str
    on_hand: Sequence[float]
    gap: Sequence[float]
    covered: Sequence[float]
    other: Sequence[float] = ()

    @property
    def most(self) -> tuple[float, float]:
        """The upper ends of the axes of stock and of gap."""
        stock = max(*self.on_hand, *self.other)
        return HEADROOM * stock or 1.0, HEADROOM * max(self.gap) or 1.0

    @property
    def across(self) -> Range:
        """The axis of periods."""
        return Range(-0.5, len(self.gap) - 0.5)


def drawn_months(
    canvas: Canvas,
    months: Sequence[MaterialMonths],
    starts: Sequence[dt.date],
    period: int | None,
    top: float,
    look: Look,
) -> float:
    """Draw two panels for each material, side by side from top on; return their end.

    starts: the first day of each period; period: one to point at.
    """
    columns = max(min(int(look.width_px / LEAST_PANEL_PX), len(months)), 1)
    wide = look.width_px / columns
    high = ABOVE_PX + STOCK_PX + MIDDLE_PX + GAP_PX + BELOW_PX
    room = max((room_for(_ticks(x)) for x in months), default=0.0)
    for i, material in enumerate(months):
        left, start = i % columns * wide, top + i // columns * high + ABOVE_PX
        box = Box(left + room, start, left + wide - BETWEEN_PX, start + STOCK_PX)
        stock = _stock(canvas, box, material)
        below = box.bottom + MIDDLE_PX
        gap = _gap(canvas, box._replace(top=below, bottom=below + GAP_PX), material)
        gap.mark_dates(starts, look.words)
        if period is not None:
            x = stock.x.at(period)
            canvas.line((x, stock.box.top), (x, gap.box.bottom), CHOSEN)
    return top + ceil(len(months) / columns) * high


def _stock(canvas: Canvas, box: Box, material: MaterialMonths) -> Panel:
    """Draw the stock of a material."""
    panel = panel_of(canvas, box, material.across, Range(0.0, material.most[0]))
    panel.title(material.name, 6.0)
    panel.mark_left(TICKS)
    canvas.line((box.left, box.bottom), (box.right, box.bottom), AXIS)
    if material.other and [*material.other] != [*material.on_hand]:
        points = [panel.at(t, tonnes) for t, tonnes in enumerate(material.other)]
        canvas.curve(points, line_of(INK, 1.2, opacity=0.8))
    points = [panel.at(t, tonnes) for t, tonnes in enumerate(material.on_hand)]
    canvas.curve(points, line_of(BLUE))
    return panel


def _gap(canvas: Canvas, box: Box, material: MaterialMonths) -> Panel:
    """Draw the gap of each period, with what is covered of it at the bottom."""
    panel = panel_of(canvas, box, material.across, Range(0.0, material.most[1]))
    panel.mark_left(TICKS)
    half = BAR_SHARE / 2
    for t, missing in enumerate(material.gap):
        covered = min(material.covered[t], missing)
        if covered > 0:
            low, high = panel.at(t - half, 0.0), panel.at(t + half, covered)
            canvas.bar(low, high, COVERED)
        if missing > covered:
            low, high = panel.at(t - half, covered), panel.at(t + half, missing)
            canvas.bar(low, high, MISSING)
    return panel


def _ticks(material: MaterialMonths) -> list[float]:
    return [
        tick
        for most in material.most
        for tick in Scale(0.0, most, 0.0, 1.0).ticks(TICKS)
    ]
