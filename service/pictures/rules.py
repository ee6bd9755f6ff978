"""Shortage cost of each rule on the same scenarios, as bars with intervals."""

from collections.abc import Sequence

from models.rule_comparison import RuleComparison, RuleCost, RuleKind
from service.pictures.bars import label_rows, plot_left
from service.pictures.figure import PRINTED, Figure, Look, figure_of
from service.pictures.marks import Canvas
from service.pictures.panel import BELOW_PX, Box, Panel, Range, panel_of
from service.pictures.scale import number
from service.pictures.style import (
    BLUE,
    DASHED,
    INK,
    SMALL_PX,
    VERMILION,
    Attributes,
    area_of,
    line_of,
)
from service.pictures.words import Words
from service.tabular.flat_tables import Column, FlatTable

ROW_PX, BAR_SHARE, FIGURE_PX = 28.0, 0.62, 48.0
LOOKS: dict[RuleKind, Attributes] = {
    RuleKind.PLAN: area_of(BLUE),
    RuleKind.NO_VAULT: area_of(VERMILION),
    RuleKind.CLAIRVOYANT: area_of(INK),
}
OTHERS = area_of(INK, 0.45)


def rules_picture(found: RuleComparison, look: Look = PRINTED) -> Figure:
    """Return a bar per rule, the most expensive on top; a line at the plan's cost."""
    rows = sorted(found.rows, key=lambda row: -row.expected_shortage_cost_usd)
    words, canvas = look.words, Canvas()
    most = max(map(_upper, rows))
    divisor, unit = words.money_unit(most)
    names = [row.name for row in rows]
    left = plot_left(names, look.width_px)
    box = Box(left, 0.0, look.width_px - FIGURE_PX, len(rows) * ROW_PX)
    across = Range(0.0, most / divisor or 1.0)
    panel = panel_of(canvas, box, across, Range(len(rows), 0))
    panel.mark_below(words("Expected discounted shortage cost, {unit}", unit=unit))
    for position, row in enumerate(rows):
        _draw(panel, position, row, divisor)
    x = panel.x.at(found.row(RuleKind.PLAN).expected_shortage_cost_usd / divisor)
    canvas.line((x, box.top), (x, box.bottom), line_of(BLUE, 1, DASHED))
    label_rows(panel, names)
    said = (
        words(
            "Shortage cost by rule, levels of the plan, {count} scenarios",
            count=number(found.scenarios),
        ),
        words(
            "Whiskers: 95 % intervals of each cost; differences between rows are more "
            "certain. Line: the plan."
        ),
    )
    size = look.width_px, box.bottom + BELOW_PX
    return figure_of(canvas, size, said, _table(rows, words))


def _draw(panel: Panel, position: int, row: RuleCost, divisor: float) -> None:
    """Draw the bar of a rule, its interval, and its cost beside them."""
    cost, middle = row.expected_shortage_cost_usd / divisor, position + 0.5
    corner = panel.at(0.0, middle - BAR_SHARE / 2)
    opposite = panel.at(cost, middle + BAR_SHARE / 2)
    panel.canvas.bar(corner, opposite, LOOKS.get(row.kind, OTHERS))
    if row.confidence_interval_usd is not None:
        low, high = (end / divisor for end in row.confidence_interval_usd)
        start, end = panel.at(max(low, 0.0), middle), panel.at(high, middle)
        panel.canvas.line(start, end, line_of(width=1.2))
    # The same number of digits in each row: 0.390 and 0.389.
    text = f"{cost:#.3g}".rstrip(".")
    place = panel.box.right + FIGURE_PX, panel.y.at(middle) + SMALL_PX / 3
    panel.canvas.text(place, text, "end", SMALL_PX)


def _upper(row: RuleCost) -> float:
    """Return the end of the bar or of its interval."""
    interval = row.confidence_interval_usd
    cost = row.expected_shortage_cost_usd
    return cost if interval is None else max(cost, interval[1])


def _table(rows: Sequence[RuleCost], words: Words) -> FlatTable:
    columns = (
        Column("rule", str, words("Rule")),
        Column(
            "expected_shortage_cost_usd",
            float,
            words("Expected shortage cost, US dollars"),
        ),
        Column("lower_usd", float, words("Interval from, US dollars")),
        Column("upper_usd", float, words("Interval to, US dollars")),
    )
    cells = (
        (
            row.name,
            row.expected_shortage_cost_usd,
            *(row.confidence_interval_usd or (None, None)),
        )
        for row in rows
    )
    return FlatTable("rules", columns, tuple(cells))
