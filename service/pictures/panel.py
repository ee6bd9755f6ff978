"""A panel: two axes, what is marked on them, and places of values between them."""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from typing import NamedTuple

from service.pictures.marks import Canvas, Point
from service.pictures.scale import Scale, marked_dates, number
from service.pictures.style import (
    AXIS,
    GRID,
    LIMIT,
    LINE_PX,
    SMALL_PX,
    TITLE_PX,
    Attributes,
    area_of,
)
from service.pictures.text_width import shortened, width_of
from service.pictures.words import Words

TICK_PX, BETWEEN_TICKS_PX, BETWEEN_DATES_PX = 4.0, 70.0, 46.0
EDGE_PX = 8.0  # at least, from the axes to the end of the picture
BELOW_PX = 2 * LINE_PX + 8  # ticks of two lines
SWATCH_PX, AFTER_SWATCH_PX, BETWEEN_ENTRIES_PX = 10.0, 4.0, 16.0


class Range(NamedTuple):
    """The least and the largest value on an axis."""

    low: float
    high: float


class Box(NamedTuple):
    """Where the axes of a panel are, in px."""

    left: float
    top: float
    right: float
    bottom: float


@dataclass(frozen=True, slots=True)
class Panel:
    """Axes on a canvas."""

    canvas: Canvas
    box: Box
    x: Scale
    y: Scale

    def at(self, x: float, y: float) -> Point:
        """Return the place of a pair of values."""
        return self.x.at(x), self.y.at(y)

    def title(self, text: str, room_above: float = 8.0) -> None:
        """Write a title above the axes, shortened to their width."""
        left = self.box.left
        shown = shortened(text, TITLE_PX, self.box.right - left)
        self.canvas.text((left, self.box.top - room_above), shown, size=TITLE_PX)

    def mark_left(self, most: int = 5, unit: str = "") -> None:
        """Mark the values of the vertical axis; the unit stands above them."""
        left, top, right, _ = self.box
        for tick in self.y.ticks(most):
            at = self.y.at(tick)
            self.canvas.line((left, at), (right, at), GRID)
            place = left - TICK_PX, at + SMALL_PX / 3
            self.canvas.text(place, number(tick), "end", SMALL_PX)
        if unit:
            self.canvas.text((0.0, top - 8.0), unit, size=SMALL_PX)

    def mark_below(self, text: str) -> None:
        """Mark the values of the horizontal axis, and write below what they are."""
        left, top, right, bottom = self.box
        self.canvas.line((left, bottom), (right, bottom), AXIS)
        for tick in self.x.ticks(max(int((right - left) / BETWEEN_TICKS_PX), 2)):
            at = self.x.at(tick)
            self.canvas.line((at, top), (at, bottom), GRID)
            most = right + EDGE_PX - width_of(number(tick), SMALL_PX) / 2
            place = min(at, most), bottom + LINE_PX
            self.canvas.text(place, number(tick), "middle", SMALL_PX)
        self.canvas.text((right, bottom + 2 * LINE_PX + 2), text, "end")

    def mark_dates(
        self, starts: Sequence[dt.date], words: Words, *, is_written: bool = True
    ) -> None:
        """Mark dates on the horizontal axis, whose values are positions of periods."""
        left, _, right, bottom = self.box
        self.canvas.line((left, bottom), (right, bottom), AXIS)
        positions = marked_dates(starts, max(int((right - left) / BETWEEN_DATES_PX), 1))
        labels = date_labels([starts[i] for i in positions], words)
        for position, lines in zip(positions, labels, strict=True):
            at = self.x.at(position)
            self.canvas.line((at, bottom), (at, bottom + TICK_PX), AXIS)
            for row, line in enumerate(lines if is_written else (), 1):
                place = at, bottom + row * (LINE_PX - 2) + 2
                self.canvas.text(place, line, "middle", SMALL_PX)

    def limit(self, level: float, text: str, look: Attributes = LIMIT) -> None:
        """Draw a level across the axes with its name above it, at the right."""
        at = self.y.at(level)
        self.canvas.line((self.box.left, at), (self.box.right, at), look)
        self.canvas.text((self.box.right, at - 4), text, "end", SMALL_PX)


def panel_of(canvas: Canvas, box: Box, x: Range, y: Range) -> Panel:
    """Return a panel with values from left to right and from bottom to top."""
    across = Scale(x.low, x.high, box.left, box.right)
    return Panel(canvas, box, across, Scale(y.low, y.high, box.bottom, box.top))


def date_labels(days: Sequence[dt.date], words: Words) -> list[list[str]]:
    """Return the lines below each date: its month or day, and each year once."""
    if all(day.month == day.day == 1 for day in days):
        return [[words.date(day, "y")] for day in days]
    part = "MMM" if all(day.day == 1 for day in days) else "MMMd"
    labels = [[words.date(day, part)] for day in days]
    for i, day in enumerate(days):
        if i == 0 or day.year != days[i - 1].year:
            labels[i].append(words.date(day, "y"))
    return labels


def legend(
    canvas: Canvas, entries: Sequence[tuple[str, str]], width_px: float
) -> float:
    """Write what colours mean, in as many rows as are needed; return their height."""
    x, y = 0.0, LINE_PX - 4
    for colour, text in entries:
        wide = SWATCH_PX + AFTER_SWATCH_PX + width_of(text, SMALL_PX)
        if x > 0 and x + wide > width_px:
            x, y = 0.0, y + LINE_PX
        canvas.bar((x, y - SWATCH_PX + 1), (x + SWATCH_PX, y + 1), area_of(colour))
        canvas.text((x + SWATCH_PX + AFTER_SWATCH_PX, y), text, size=SMALL_PX)
        x += wide + BETWEEN_ENTRIES_PX
    return y + 8


def room_for(values: Sequence[float]) -> float:
    """Return the width that the marks of a vertical axis take."""
    return max((width_of(number(x), SMALL_PX) for x in values), default=0.0) + 8
