"""Tornado: the change of the expected cost with each assumption, largest first."""

# matplotlib leaves the types of its keyword arguments open.
# pyright: reportUnknownMemberType=false

from collections.abc import Sequence

from matplotlib.figure import Figure
from matplotlib.patches import Patch

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
FRAME_INCHES = 1.4
MOST_BARS = 25


def tornado_picture(bars: Sequence[SensitivityBar], base_usd: float) -> Figure:
    """Return a bar per assumption, from the lowered to the raised result."""
    widest = sorted(bars, key=lambda bar: -bar.span_usd)[:MOST_BARS]
    height = max(len(widest), 1) * ROW_INCHES + FRAME_INCHES
    figure = Figure(figsize=(WIDTH_INCHES, height))
    changes = sorted({bar.change for bar in widest if bar.change is not None})
    shares = " or ".join(f"{100 * change:g} %" for change in changes)
    heading(
        figure,
        f"Expected shortage cost if an assumption changes by {shares}",
        "Each with a plan solved for it. Line: as assumed.",
    )
    axes = figure.subplots()
    largest = max([base_usd, *(max(x.lowered_usd, x.raised_usd) for x in widest)])
    divisor, unit = money_unit(largest)
    base = base_usd / divisor
    for row, bar in enumerate(widest):
        lengths = ((bar.lowered_usd, BLUE), (bar.raised_usd, VERMILION))
        # Both may lie on one side; the shorter one is drawn last, to be visible.
        for end, colour in sorted(lengths, key=lambda x: -abs(x[0] - base_usd)):
            axes.barh(row, end / divisor - base, left=base, height=0.6, color=colour)
    axes.axvline(base, color=INK, linewidth=0.8)
    axes.legend(
        handles=[
            Patch(color=BLUE, label="lowered"),
            Patch(color=VERMILION, label="raised"),
        ],
        loc="lower right",
        bbox_to_anchor=(1.0, 1.0),
        ncols=2,
        frameon=False,
    )
    axes.set_yticks(range(len(widest)), [bar.assumption for bar in widest])
    axes.invert_yaxis()
    axes.tick_params(left=False)
    axes.margins(x=0.03)
    axes.set_xlabel(f"Expected shortage cost, {unit}")
    return figure
