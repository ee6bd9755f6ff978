"""A plan in a historic replay month by month: stock, gaps, and how lines run."""

import datetime as dt
from collections.abc import Iterator, Sequence

from models.history import LineCourse, ProductRun, ReplayRun
from service.pictures.figure import PRINTED, Figure, Look, figure_of
from service.pictures.marks import Canvas, Point
from service.pictures.months import (
    CHOSEN,
    COVERED,
    MISSING,
    MaterialMonths,
    drawn_months,
)
from service.pictures.panel import BELOW_PX, Box, Panel, Range, legend, panel_of
from service.pictures.style import BLUE, LINE_PX, SMALL_PX, VERMILION, area_of
from service.pictures.text_width import shortened
from service.pictures.words import Words
from service.tabular.flat_tables import Column, FlatTable, Scalar

ROW_PX, TITLE_ROW_PX, LEFT_PX = 11.0, 19.0, 16.0
REDUCED = area_of(VERMILION, 0.4)


def history_picture(
    found: ReplayRun,
    starts: Sequence[dt.date],
    period: int | None = None,
    look: Look = PRINTED,
) -> Figure:
    """Return the materials that are short, and below them the lines that are touched.

    starts: the first day of each period; period: one to point at.
    """
    words, canvas = look.words, Canvas()
    entries = [
        (BLUE, words("stock, and what is covered of the gap")),
        (VERMILION, words("gap that is not covered, or line stopped")),
    ]
    top = legend(canvas, entries, look.width_px) + LINE_PX
    canvas.text((0.0, top), words("Tonnes"), size=SMALL_PX)
    end = drawn_months(canvas, _months(found), starts, period, top, look)
    height = _lines(canvas, found, starts, period, end, look)
    said = (
        words("{replay}, month by month", replay=found.name),
        words(
            "Above: stock at the end of each period, and the gap of each period; blue: "
            "what is covered of it. Below: each line with the plan, and under it "
            "without vault; pale: less output, full colour: stopped."
        ),
    )
    table = _table(found, starts, words)
    return figure_of(canvas, (look.width_px, height), said, table)


def _months(found: ReplayRun) -> Sequence[MaterialMonths]:
    return [
        MaterialMonths(
            x.name,
            on_hand=x.course.on_hand_tonnes,
            gap=x.course.gap_tonnes,
            covered=x.course.covered_tonnes,
        )
        for x in found.materials
        if x.course is not None
    ]


def _lines(
    canvas: Canvas,
    found: ReplayRun,
    starts: Sequence[dt.date],
    period: int | None,
    top: float,
    look: Look,
) -> float:
    """Draw a row for each line that is touched; return where they end."""
    lines = [x for x in found.products if x.course_with_vault is not None]
    if not lines:
        return top
    high = TITLE_ROW_PX + 2 * ROW_PX
    bottom = top + high * len(lines)
    box = Box(LEFT_PX, top, look.width_px - 1, bottom)
    across = Range(-0.5, len(starts) - 0.5)
    panel = panel_of(canvas, box, across, Range(0.0, bottom - top))
    for i, line in enumerate(lines):
        start = top + i * high + TITLE_ROW_PX
        text = f"{line.participant_name}: {line.name}"
        shown = shortened(text, SMALL_PX, look.width_px)
        canvas.text((0.0, start - 5), shown, size=SMALL_PX)
        for row, course in enumerate(_courses(line)):
            _row(canvas, panel, start + row * ROW_PX, course)
    panel.mark_dates(starts, look.words)
    if period is not None:
        x = panel.x.at(period)
        canvas.line((x, top), (x, bottom), CHOSEN)
    return bottom + BELOW_PX


def _courses(line: ProductRun) -> Sequence[LineCourse]:
    return [x for x in (line.course_with_vault, line.course_without_vault) if x]


def _row(canvas: Canvas, panel: Panel, top: float, course: LineCourse) -> None:
    """Draw how a line runs as one row of cells."""
    bottom = top + ROW_PX - 2
    cells: dict[bool, list[tuple[Point, Point]]] = {False: [], True: []}
    running: list[tuple[Point, Point]] = []
    for t, lost in enumerate(course.lost_output):
        box = (panel.x.at(t - 0.5), top), (panel.x.at(t + 0.5), bottom)
        is_touched = lost > 0 or course.is_stopped[t]
        (cells[course.is_stopped[t]] if is_touched else running).append(box)
    canvas.cells(running, COVERED)
    canvas.cells(cells[False], REDUCED)
    canvas.cells(cells[True], MISSING)


def _table(found: ReplayRun, starts: Sequence[dt.date], words: Words) -> FlatTable:
    columns = (
        Column("start", dt.date, words("Period beginning")),
        Column("name", str, words("Material or line")),
        Column("on_hand_tonnes", float, words("Stock, tonnes")),
        Column("gap_tonnes", float, words("Gap, tonnes")),
        Column("covered_tonnes", float, words("Covered, tonnes")),
        Column("lost_output", float, words("Output lost, share")),
        Column("lost_without", float, words("Output lost without vault, share")),
    )
    rows = (
        row
        for t, start in enumerate(starts)
        for row in (*_stocks(found, start, t), *_outputs(found, start, t))
    )
    return FlatTable("replay", columns, tuple(rows))


def _stocks(found: ReplayRun, start: dt.date, t: int) -> Iterator[tuple[Scalar, ...]]:
    for x in found.materials:
        if x.course is not None:
            stock = x.course.on_hand_tonnes[t]
            gap, covered = x.course.gap_tonnes[t], x.course.covered_tonnes[t]
            yield start, x.name, stock, gap, covered, None, None


def _outputs(found: ReplayRun, start: dt.date, t: int) -> Iterator[tuple[Scalar, ...]]:
    for x in found.products:
        if x.course_with_vault is not None and x.course_without_vault is not None:
            lost = x.course_with_vault.lost_output[t]
            without = x.course_without_vault.lost_output[t]
            name = f"{x.participant_name}: {x.name}"
            yield start, name, None, None, None, lost, without
