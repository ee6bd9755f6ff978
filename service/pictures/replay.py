"""A historic replay month by month: stock that drains, gaps covered and not covered."""

import datetime as dt
from collections.abc import Mapping, Sequence
from math import ceil
from typing import NamedTuple

from models.historic_rehearsal import MaterialInPeriod, RehearsedReplay
from service.pictures.figure import PRINTED, Figure, Look, figure_of
from service.pictures.marks import Canvas
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
from service.pictures.style import (
    AXIS,
    BLUE,
    INK,
    LINE_PX,
    SMALL_PX,
    TITLE_PX,
    VERMILION,
    Attributes,
    area_of,
    line_of,
)
from service.pictures.words import Words
from service.tabular.flat_tables import Column, FlatTable

LEAST_PANEL_PX, STOCK_PX, GAP_PX, BETWEEN_PX = 210.0, 66.0, 46.0, 14.0
ABOVE_PX, MIDDLE_PX = TITLE_PX + 12, 14.0
HEADROOM, TICKS, BAR_SHARE = 1.08, 2, 0.8
COVERED, MISSING = area_of(BLUE, 0.45), area_of(VERMILION)
CHOSEN: Attributes = line_of(INK, 1, "2 2", 0.8)


class _Months(NamedTuple):
    """A material in all periods of a replay."""

    name: str
    periods: Sequence[MaterialInPeriod]


def replay_picture(
    found: RehearsedReplay,
    names: Mapping[str, str],
    period: int | None = None,
    look: Look = PRINTED,
) -> Figure:
    """Return two panels for each material that the replay cuts, one above the other.

    Above is the stock, with the plan as printed and planned again; below the gap of
    each period, and what of it the plan as printed covers. `period` is one to point
    at; names are those of materials.
    """
    words, canvas = look.words, Canvas()
    entries = [
        (BLUE, words("stock, plan as printed")),
        (INK, words("stock, planned again")),
        (VERMILION, words("gap that is not covered")),
    ]
    top = legend(canvas, entries, look.width_px) + LINE_PX
    canvas.text((0.0, top), words("Tonnes"), size=SMALL_PX)
    months = _by_material(found, names)
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
        gap.mark_dates([x.start for x in found.periods], words)
        if period is not None:
            x = stock.x.at(period)
            canvas.line((x, stock.box.top), (x, gap.box.bottom), CHOSEN)
    said = (
        words("{replay}, month by month", replay=found.name),
        words(
            "Above: stock at the end of each period. Below: the gap of each period; "
            "blue: what the plan as printed covers of it."
        ),
    )
    height = top + ceil(len(months) / columns) * high
    table = _table(found, names, words)
    return figure_of(canvas, (look.width_px, height), said, table)


def _by_material(found: RehearsedReplay, names: Mapping[str, str]) -> list[_Months]:
    rows = [x.materials for x in found.periods]
    return [
        _Months(names.get(periods[0].material, periods[0].material), periods)
        for periods in zip(*rows, strict=True)
    ]


def _stock(canvas: Canvas, box: Box, material: _Months) -> Panel:
    """Draw the stock of a material with both plans."""
    panel = panel_of(canvas, box, _across(material), Range(0.0, _most(material)[0]))
    panel.title(material.name, 6.0)
    panel.mark_left(TICKS)
    canvas.line((box.left, box.bottom), (box.right, box.bottom), AXIS)
    printed = [x.printed.on_hand_tonnes for x in material.periods]
    again = [x.planned_again.on_hand_tonnes for x in material.periods]
    if again != printed:
        points = [panel.at(t, tonnes) for t, tonnes in enumerate(again)]
        canvas.curve(points, line_of(INK, 1.2, opacity=0.8))
    points = [panel.at(t, tonnes) for t, tonnes in enumerate(printed)]
    canvas.curve(points, line_of(BLUE))
    return panel


def _gap(canvas: Canvas, box: Box, material: _Months) -> Panel:
    """Draw the gap of each period, with what is covered of it at the bottom."""
    panel = panel_of(canvas, box, _across(material), Range(0.0, _most(material)[1]))
    panel.mark_left(TICKS)
    half = BAR_SHARE / 2
    for t, x in enumerate(material.periods):
        covered = min(x.printed.covered_tonnes, x.gap_tonnes)
        if covered > 0:
            low, high = panel.at(t - half, 0.0), panel.at(t + half, covered)
            canvas.bar(low, high, COVERED)
        if x.gap_tonnes > covered:
            low, high = panel.at(t - half, covered), panel.at(t + half, x.gap_tonnes)
            canvas.bar(low, high, MISSING)
    return panel


def _across(material: _Months) -> Range:
    return Range(-0.5, len(material.periods) - 0.5)


def _most(material: _Months) -> tuple[float, float]:
    """Return the upper ends of both axes."""
    stocks = (
        max(x.printed.on_hand_tonnes, x.planned_again.on_hand_tonnes)
        for x in material.periods
    )
    gaps = (x.gap_tonnes for x in material.periods)
    return HEADROOM * max(stocks) or 1.0, HEADROOM * max(gaps) or 1.0


def _ticks(material: _Months) -> list[float]:
    return [
        tick
        for most in _most(material)
        for tick in Scale(0.0, most, 0.0, 1.0).ticks(TICKS)
    ]


def _table(found: RehearsedReplay, names: Mapping[str, str], words: Words) -> FlatTable:
    columns = (
        Column("start", dt.date, words("Period beginning")),
        Column("material", str, words("Material")),
        Column("gap_tonnes", float, words("Gap, tonnes")),
        Column("printed_on_hand_tonnes", float, words("Stock as printed, tonnes")),
        Column("printed_covered_tonnes", float, words("Covered as printed, tonnes")),
        Column(
            "planned_again_on_hand_tonnes", float, words("Stock planned again, tonnes")
        ),
        Column(
            "planned_again_covered_tonnes",
            float,
            words("Covered planned again, tonnes"),
        ),
    )
    rows = (
        (
            period.start,
            names.get(x.material, x.material),
            x.gap_tonnes,
            x.printed.on_hand_tonnes,
            x.printed.covered_tonnes,
            x.planned_again.on_hand_tonnes,
            x.planned_again.covered_tonnes,
        )
        for period in found.periods
        for x in period.materials
    )
    return FlatTable("replay", columns, tuple(rows))
