"""Tornado: how far the expected cost moves with each assumption, widest first."""

# matplotlib leaves the types of its keyword arguments open.
# pyright: reportUnknownMemberType=false

from collections.abc import Sequence

from matplotlib.figure import Figure

from models.sensitivity import SensitivityBar
from service.pictures.style import (
    BLUE,
    INK,
    VERMILION,
    WIDTH_INCHES,
    heading,
    money_unit,
)

ROW_INCHES = 0.26
FRAME_INCHES = 1.2
MOST_BARS = 25


def tornado_picture(bars: Sequence[SensitivityBar], base_usd: float) -> Figure:
    """Return a bar for each assumption, from its lowered to its raised result."""
    widest = sorted(bars, key=lambda bar: -bar.span_usd)[:MOST_BARS]
    height = max(len(widest), 1) * ROW_INCHES + FRAME_INCHES
    figure = Figure(figsize=(WIDTH_INCHES, height))
    changes = sorted({bar.change for bar in widest})
    shares = " or ".join(f"{100 * change:g} %" for change in changes)
    heading(
        figure,
        f"Expected shortage cost if an assumption changes by {shares}",
        "Line: as assumed.",
    )
    axes = figure.subplots()
    largest = max((max(x.lowered_usd, x.raised_usd) for x in widest), default=base_usd)
    divisor, unit = money_unit(largest)
    base = base_usd / divisor
    for row, bar in enumerate(widest):
        for end, colour in ((bar.lowered_usd, BLUE), (bar.raised_usd, VERMILION)):
            axes.barh(row, end / divisor - base, left=base, height=0.6, color=colour)
    axes.axvline(base, color=INK, linewidth=0.8)
    if widest:
        first = widest[0]
        for end, text, colour in (
            (first.lowered_usd, "lowered", BLUE),
            (first.raised_usd, "raised", VERMILION),
        ):
            is_left = end < base_usd
            axes.annotate(
                text,
                xy=(end / divisor, 0),
                xytext=(-4 if is_left else 4, 0),
                textcoords="offset points",
                ha="right" if is_left else "left",
                va="center",
                color=colour,
            )
    axes.set_yticks(range(len(widest)), [bar.assumption for bar in widest])
    axes.invert_yaxis()
    axes.tick_params(left=False)
    axes.margins(x=0.12)
    axes.set_xlabel(f"Expected shortage cost, {unit}")
    return figure
