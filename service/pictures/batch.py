"""A batch as small multiples: one figure of its plans over the values of its axes."""

import json
import re
from collections.abc import Iterator, Mapping, Sequence
from itertools import product
from math import ceil

from pydantic import JsonValue

from models.batch import Axis, BatchResult, VariantRow
from models.figures import Measure
from service.pictures.figure import PRINTED, Figure, Look, figure_of
from service.pictures.marks import Canvas, Point
from service.pictures.panel import Box, Panel, Range, panel_of, room_for
from service.pictures.scale import Scale
from service.pictures.style import (
    BLUE,
    LEVEL,
    LINE_PX,
    SMALL_PX,
    line_of,
)
from service.pictures.text_width import shortened
from service.pictures.words import Words
from service.tabular.flat_tables import Column, FlatTable

LEAST_PANEL_PX, PLOT_PX, BETWEEN_PX = 200.0, 110.0, 14.0
HEADROOM, TICKS = 0.08, 4

Setting = Mapping[str, JsonValue]


def batch_picture(
    found: BatchResult,
    measure: Measure = Measure.EXPECTED_SHORTAGE_COST,
    look: Look = PRINTED,
) -> Figure:
    """Return a measure over the values of the first axis, a panel per other values.

    Variants without a plan leave a gap; the unchanged case is a dashed level.
    """
    words, canvas = look.words, Canvas()
    figures = [x for row in found.rows if (x := _figure(row, measure)) is not None]
    divisor, unit = _unit(measure, figures, words)
    up = _range([x / divisor for x in figures])
    settings = list(_settings(found.axes[1:])) if found.axes else []
    columns = max(min(int(look.width_px / LEAST_PANEL_PX), len(settings)), 1)
    above = LINE_PX * len(found.axes)
    wide, high = look.width_px / columns, above + PLOT_PX + 2 * LINE_PX
    room = room_for(Scale(*up, 0.0, 1.0).ticks(TICKS))
    top = LINE_PX + 4
    canvas.text((0.0, LINE_PX - 4), unit, size=SMALL_PX)
    for i, setting in enumerate(settings):
        left, start = i % columns * wide, top + i // columns * high + above
        box = Box(left + room, start, left + wide - BETWEEN_PX, start + PLOT_PX)
        axis = found.axes[0]
        across = Range(-0.5, max(len(axis.values), 1) - 0.5)
        panel = panel_of(canvas, box, across, up)
        _title(panel, setting)
        _draw(panel, found, setting, (measure, divisor))
    height = top + ceil(len(settings) / columns) * high
    said = (
        words(
            "{measure} by {path}",
            measure=measure_name(measure, words),
            path=_path(found),
        ),
        words("Dashed: the unchanged case. Without a plan there is no dot."),
    )
    table = _table(found, measure, words)
    return figure_of(canvas, (look.width_px, height), said, table)


def _draw(
    panel: Panel, found: BatchResult, setting: Setting, shown: tuple[Measure, float]
) -> None:
    """Draw the variants with the other values of a panel, and the unchanged case."""
    measure, divisor = shown
    axis, canvas = found.axes[0], panel.canvas
    panel.mark_left(TICKS)
    points: list[Point | None] = []
    left, _, right, bottom = panel.box
    step = (right - left) / max(len(axis.values), 1)
    for i, value in enumerate(axis.values):
        row = _row(found.rows, {axis.path: value, **setting})
        figure = None if row is None else _figure(row, measure)
        points.append(None if figure is None else panel.at(i, figure / divisor))
        place = panel.x.at(i), bottom + LINE_PX
        text = shortened(_text(value), SMALL_PX, step - 2)
        canvas.text(place, text, "middle", SMALL_PX)
    base = next((x for x in found.rows if x.number == 0), None)
    level = None if base is None else _figure(base, measure)
    if level is not None:
        y = panel.y.at(level / divisor)
        canvas.line((left, y), (right, y), LEVEL)
    canvas.curve(points, line_of(BLUE))
    for point in points:
        if point is not None:
            canvas.dot(point, 3.5, BLUE)


def _settings(axes: Sequence[Axis]) -> Iterator[Setting]:
    """Yield all combinations of values of axes."""
    paths = [axis.path for axis in axes]
    for values in product(*(axis.values for axis in axes)):
        yield dict(zip(paths, values, strict=True))


def _row(rows: Sequence[VariantRow], values: Setting) -> VariantRow | None:
    """Return the variant that sets just these values."""
    return next((row for row in rows if row.number and row.values == values), None)


def _figure(row: VariantRow, measure: Measure) -> float | None:
    return None if row.figures is None else measure.of(row.figures)


def _range(values: Sequence[float]) -> Range:
    low, high = min([0.0, *values]), max([0.0, *values])
    room = HEADROOM * ((high - low) or 1.0)
    return Range(low - room if low < 0 else 0.0, high + room)


def _unit(
    measure: Measure, figures: Sequence[float], words: Words
) -> tuple[float, str]:
    if measure.value.endswith("_usd"):
        return words.money_unit(max(map(abs, figures), default=0.0))
    if measure is Measure.MATERIALS_HELD:
        return 1.0, words("materials")
    return 1.0, words("days")


def _title(panel: Panel, setting: Setting) -> None:
    """Write the other values above a panel, each in a line."""
    left, top, right, _ = panel.box
    for i, (path, value) in enumerate(reversed([*setting.items()])):
        text = f"{_last(path, setting)} = {_text(value)}"
        shown = shortened(text, SMALL_PX, right - left)
        panel.canvas.text((left, top - 8 - i * LINE_PX), shown, size=SMALL_PX)


def _last(path: str, setting: Setting) -> str:
    """Return the last name of a path, or all of it if two end in the same one."""
    last = path.rpartition(".")[2]
    return last if [x.rpartition(".")[2] for x in setting].count(last) == 1 else path


def _path(found: BatchResult) -> str:
    return found.axes[0].path if found.axes else "-"


def _text(value: JsonValue) -> str:
    if isinstance(value, bool) or value is None or isinstance(value, list | dict):
        return json.dumps(value)
    # As one writes it in a case: 2e9.
    return value if isinstance(value, str) else re.sub(r"e\+0*", "e", f"{value:.6g}")


def measure_name(measure: Measure, words: Words) -> str:
    """Return the name of a measure at the beginning of a title."""
    names = {
        Measure.EXPECTED_SHORTAGE_COST: words("Expected shortage cost"),
        Measure.OBJECTIVE: words("Objective"),
        Measure.CVAR: words("Mean of the worst costs (CVaR)"),
        Measure.DRAWN: words("Drawn from all facilities"),
        Measure.BUDGET: words("Budget"),
        Measure.SPENT: words("Spent on stock"),
        Measure.COST_OF_HOLDING: words("Cost of holding"),
        Measure.NET_BENEFIT: words("Net benefit"),
        Measure.MATERIALS_HELD: words("Materials held"),
        Measure.LEAST_DAYS_OF_COVER: words("Least days of cover"),
        Measure.MEAN_DAYS_OF_COVER: words("Mean days of cover"),
    }
    return names[measure]


def _table(found: BatchResult, measure: Measure, words: Words) -> FlatTable:
    columns = (
        Column("number", int, words("Variant")),
        Column("name", str, words("Name")),
        Column(measure.value, float, measure_name(measure, words)),
    )
    rows = ((x.number, x.name, _figure(x, measure)) for x in found.rows)
    return FlatTable("batch", columns, tuple(rows))
