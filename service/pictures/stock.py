"""Stock of each material held over time, as small multiples of fans."""

from math import ceil

from models.trajectories import MaterialTrajectory, PlanTrajectories
from service.pictures.fan import draw_fan, ends, explanation, fan_columns, fan_rows
from service.pictures.figure import PRINTED, Figure, Look, figure_of
from service.pictures.marks import Canvas
from service.pictures.panel import BELOW_PX, Box, Panel, Range, panel_of, room_for
from service.pictures.scale import Scale, number
from service.pictures.style import LEVEL, LINE_PX, TITLE_PX
from service.pictures.words import Words
from service.tabular.flat_tables import Column, FlatTable

LEAST_PANEL_PX, PLOT_PX, BETWEEN_PX = 165.0, 66.0, 14.0
TITLE_ROOM_PX = TITLE_PX + 12
HEADROOM = 1.12
TICKS = 3


def stock_picture(found: PlanTrajectories, look: Look = PRINTED) -> Figure:
    """Return a panel per material held, in the order of the case."""
    held = [x for x in found.materials if x.target_tonnes > 0]
    words, canvas = look.words, Canvas()
    columns = min(max(int(look.width_px / LEAST_PANEL_PX), 1), max(len(held), 1))
    wide, high = look.width_px / columns, PLOT_PX + TITLE_ROOM_PX
    rooms = [room_for(Scale(*_range(x), 0.0, 1.0).ticks(TICKS)) for x in held]
    for i, material in enumerate(held):
        left, top = i % columns * wide, i // columns * high + TITLE_ROOM_PX
        # The axes of a column are below each other.
        room = max(rooms[i % columns :: columns])
        box = Box(left + room, top, left + wide - BETWEEN_PX, top + PLOT_PX)
        panel = _panel(canvas, box, found, material)
        # Only the lowest panel of each column has dates.
        is_lowest = i >= len(held) - columns
        panel.mark_dates(found.period_starts, words, is_written=is_lowest)
    height = ceil(len(held) / columns) * high + BELOW_PX
    if not held:
        canvas.text((look.width_px / 2, LINE_PX), words("nothing is held"), "middle")
    count = number(found.scenarios)
    title = words(
        "Stock at the end of each period on {count} fresh scenarios, tonnes",
        count=count,
    )
    meaning = words("Dashed: target. Pool and rights together.")
    said = (title, f"{explanation(words)} {meaning}")
    return figure_of(canvas, (look.width_px, height), said, _table(found, held, words))


def _panel(
    canvas: Canvas, box: Box, found: PlanTrajectories, material: MaterialTrajectory
) -> Panel:
    """Draw the stock of a material and its target."""
    target = material.target_tonnes
    last = max(len(found.period_starts) - 1, 1)
    panel = panel_of(canvas, box, Range(0, last), _range(material))
    panel.title(material.name, 6.0)
    panel.mark_left(TICKS)
    draw_fan(panel, material.on_hand_tonnes)
    canvas.line(panel.at(0, target), panel.at(last, target), LEVEL)
    return panel


def _range(material: MaterialTrajectory) -> Range:
    """Return from 0 to the target, or as far as the stock goes."""
    low, high = ends(material.on_hand_tonnes)
    return Range(min(low, 0.0), HEADROOM * max(high, material.target_tonnes))


def _table(
    found: PlanTrajectories, held: list[MaterialTrajectory], words: Words
) -> FlatTable:
    columns = (
        Column("material", str, words("Material")),
        *fan_columns("tonnes", words("Stock, tonnes"), words),
    )
    rows = (
        (material.name, *row)
        for material in held
        for row in fan_rows(found.period_starts, material.on_hand_tonnes)
    )
    return FlatTable("stock", columns, tuple(rows))
