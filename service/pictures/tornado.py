"""Tornado: the change of the expected cost with each assumption, largest first."""

from collections.abc import Sequence

from models.sensitivity import SensitivityBar
from service.pictures.bars import label_rows, plot_left
from service.pictures.figure import PRINTED, Figure, Look, figure_of
from service.pictures.marks import Canvas
from service.pictures.panel import BELOW_PX, Box, Range, legend, panel_of
from service.pictures.style import BLUE, VERMILION, area_of, line_of
from service.pictures.words import Words
from service.tabular.flat_tables import Column, FlatTable

ROW_PX, BAR_SHARE = 25.0, 0.6
MOST_BARS = 25
MARGIN = 0.03


def tornado_picture(
    bars: Sequence[SensitivityBar], base_usd: float, look: Look = PRINTED
) -> Figure:
    """Return a bar per assumption, from the lowered to the raised result."""
    widest = sorted(bars, key=lambda bar: -bar.span_usd)[:MOST_BARS]
    words, canvas = look.words, Canvas()
    results = [
        base_usd,
        *(x for bar in widest for x in (bar.lowered_usd, bar.raised_usd)),
    ]
    divisor, unit = words.money_unit(max(results))
    entries = [(BLUE, words("lowered")), (VERMILION, words("raised"))]
    top = legend(canvas, entries, look.width_px)
    names = [bar.assumption for bar in widest]
    left = plot_left(names, look.width_px)
    box = Box(left, top, look.width_px - 8, top + max(len(widest), 1) * ROW_PX)
    room = MARGIN * ((max(results) - min(results)) or 1.0)
    across = Range((min(results) - room) / divisor, (max(results) + room) / divisor)
    panel = panel_of(canvas, box, across, Range(len(widest) or 1, 0))
    panel.mark_below(words("Expected shortage cost, {unit}", unit=unit))
    base = base_usd / divisor
    for row, bar in enumerate(widest):
        lengths = ((bar.lowered_usd, BLUE), (bar.raised_usd, VERMILION))
        # Both may lie on one side; the shorter one is drawn last, to be visible.
        for end, colour in sorted(lengths, key=lambda x: -abs(x[0] - base_usd)):
            half = BAR_SHARE / 2
            corner = panel.at(base, row + 0.5 - half)
            opposite = panel.at(end / divisor, row + 0.5 + half)
            canvas.bar(corner, opposite, area_of(colour))
    x = panel.x.at(base)
    canvas.line((x, box.top), (x, box.bottom), line_of(width=1))
    label_rows(panel, names)
    size = look.width_px, box.bottom + BELOW_PX
    return figure_of(canvas, size, _said(widest, words), _table(widest, words))


def _said(bars: Sequence[SensitivityBar], words: Words) -> tuple[str, str]:
    changes = sorted({bar.change for bar in bars if bar.change is not None})
    shares = ", ".join(f"{100 * change:g} %" for change in changes)
    return (
        words(
            "Expected shortage cost if an assumption changes by {shares}", shares=shares
        ),
        words("Each with a plan solved for it. Line: as assumed."),
    )


def _table(bars: Sequence[SensitivityBar], words: Words) -> FlatTable:
    columns = (
        Column("assumption", str, words("Assumption")),
        Column("change", float, words("Change, share")),
        Column("lowered_usd", float, words("Cost if lowered, US dollars")),
        Column("raised_usd", float, words("Cost if raised, US dollars")),
    )
    rows = ((x.assumption, x.change, x.lowered_usd, x.raised_usd) for x in bars)
    return FlatTable("tornado", columns, tuple(rows))
