"""Heat map of the expected shortage: material by period, without and with the plan."""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass

from models.trajectories import MaterialTrajectory, PlanTrajectories
from service.pictures.bars import label_rows, plot_left
from service.pictures.figure import PRINTED, Figure, Look, figure_of
from service.pictures.marks import Canvas, Point
from service.pictures.panel import BELOW_PX, Box, Panel, Range, panel_of
from service.pictures.style import BLUE, LINE_PX, SMALL_PX, TITLE_PX, area_of
from service.pictures.words import Words
from service.tabular.flat_tables import Column, FlatTable

ROW_PX, GAP_PX, SCALE_PX = 18.0, 14.0, 120.0
SHADES = 20
FAINTEST = 0.04

Shares = list[float]


@dataclass(frozen=True, slots=True)
class ShortMaterial:
    """A material that is ever short: shares of its need by period, in per cent."""

    trajectory: MaterialTrajectory
    without_vault: Shares
    with_plan: Shares

    @property
    def is_held(self) -> bool:
        """Whether the plan holds any of it."""
        return self.trajectory.target_tonnes > 0


def short_materials(found: PlanTrajectories) -> list[ShortMaterial]:
    """Return the materials that are ever short, the largest shares first."""
    short = (
        ShortMaterial(x, _shares(x, x.gap_tonnes), _shares(x, x.shortage_tonnes))
        for x in found.materials
        if sum(x.gap_tonnes) > 0
    )
    return sorted(short, key=lambda x: -sum(x.without_vault))


def shortage_picture(found: PlanTrajectories, look: Look = PRINTED) -> Figure:
    """Return a heat map of the expected missing share of each period's need."""
    short = short_materials(found)
    words, canvas = look.words, Canvas()
    said = (
        words("Expected shortage, per cent of the need of all participants"),
        words(
            "Left: nothing held. Right: what neither releases nor contracts of the "
            "plan cover. * not held by the plan."
        ),
    )
    height = 2 * LINE_PX
    if short:
        height = _panels(canvas, found, short, look)
    else:
        text = words("no material is ever short")
        canvas.text((look.width_px / 2, LINE_PX), text, "middle")
    table = _table(found, [x.trajectory for x in short], words)
    return figure_of(canvas, (look.width_px, height), said, table)


def _panels(
    canvas: Canvas,
    found: PlanTrajectories,
    short: Sequence[ShortMaterial],
    look: Look,
) -> float:
    """Draw both panels and the scale of shades; return the height of all."""
    words = look.words
    gaps = [x.without_vault for x in short]
    shortages = [x.with_plan for x in short]
    most = max(*map(max, gaps), 1e-9)
    names = [x.trajectory.name + ("" if x.is_held else " *") for x in short]
    left = plot_left(names, look.width_px)
    wide = (look.width_px - left - GAP_PX) / 2
    top = LINE_PX + TITLE_PX
    bottom = top + len(short) * ROW_PX
    for i, (title, shares) in enumerate(
        ((words("Without vault"), gaps), (words("With the plan"), shortages))
    ):
        at = left + i * (wide + GAP_PX)
        across = Range(0, len(found.period_starts))
        box = Box(at, top, at + wide - (2 if i else 0), bottom)
        panel = panel_of(canvas, box, across, Range(len(short), 0))
        panel.title(title)
        _cells(panel, shares, most)
        panel.mark_dates(found.period_starts, words)
        if i == 0:
            label_rows(panel, names)
    _scale(canvas, (0.0, bottom + BELOW_PX + 4), most, words)
    return bottom + BELOW_PX + LINE_PX + 4


def _cells(panel: Panel, shares: Sequence[Shares], most: float) -> None:
    """Fill the cells, all of one shade as one mark; without a shortage none."""
    for shade in range(1, SHADES + 1):
        boxes: list[tuple[Point, Point]] = []
        for row, values in enumerate(shares):
            start = None
            for t, value in enumerate([*values, 0.0]):
                is_it = value > 0 and _shade(value, most) == shade
                if is_it and start is None:
                    start = t
                elif not is_it and start is not None:
                    boxes.append((panel.at(start, row + 0.03), panel.at(t, row + 0.97)))
                    start = None
        panel.canvas.cells(boxes, area_of(BLUE, _opacity(shade)))


def _shade(value: float, most: float) -> int:
    return max(1, round(SHADES * value / most))


def _opacity(shade: int) -> float:
    return FAINTEST + (1 - FAINTEST) * shade / SHADES


def _scale(canvas: Canvas, at: Point, most: float, words: Words) -> None:
    """Draw from no shortage to the largest in all shades."""
    x, y = at
    canvas.text((x, y + SMALL_PX - 1), "0", size=SMALL_PX)
    step = SCALE_PX / SHADES
    for shade in range(1, SHADES + 1):
        start = x + 10 + (shade - 1) * step
        look = area_of(BLUE, _opacity(shade))
        canvas.bar((start, y), (start + step, y + SMALL_PX), look)
    end = x + 16 + SCALE_PX, y + SMALL_PX - 1
    text = words("{share} % of need", share=f"{most:.3g}")
    canvas.text(end, text, size=SMALL_PX)


def _shares(material: MaterialTrajectory, tonnes: tuple[float, ...]) -> Shares:
    """Return tonnes in per cent of the need of each period."""
    return [
        100 * missing / need if need > 0 else 0.0
        for missing, need in zip(tonnes, material.need_tonnes, strict=True)
    ]


def _table(
    found: PlanTrajectories, short: Sequence[MaterialTrajectory], words: Words
) -> FlatTable:
    """Return a row per material and period, in the order of the picture."""
    columns = (
        Column("material", str, words("Material")),
        Column("start", dt.date, words("Period beginning")),
        Column("need_tonnes", float, words("Need, tonnes")),
        Column("gap_tonnes", float, words("Missing without vault, tonnes")),
        Column("shortage_tonnes", float, words("Missing with the plan, tonnes")),
    )
    rows = (
        (x.name, *cells)
        for x in short
        for cells in zip(
            found.period_starts,
            x.need_tonnes,
            x.gap_tonnes,
            x.shortage_tonnes,
            strict=True,
        )
    )
    return FlatTable("shortage", columns, tuple(rows))
