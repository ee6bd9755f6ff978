"""Names of the rows of bars, to the left of them."""

from collections.abc import Sequence

from service.pictures.panel import Panel
from service.pictures.style import TEXT_PX
from service.pictures.text_width import lines_of, shortened, width_of

MOST_SHARE = 0.42  # of the width that names may take
BESIDE_PX, TIGHT_PX = 8.0, 12.0


def plot_left(names: Sequence[str], width_px: float) -> float:
    """Return where bars begin, so that their names fit before them."""
    widest = max((width_of(name, TEXT_PX) for name in names), default=0.0)
    return min(widest, MOST_SHARE * width_px) + BESIDE_PX


def label_rows(panel: Panel, names: Sequence[str]) -> None:
    """Write the name of each row, whose place is from its number to the next.

    A long name takes two lines where the row is high enough for them.
    """
    left = panel.box.left - BESIDE_PX
    high = abs(panel.y.at(1.0) - panel.y.at(0.0))
    for row, name in enumerate(names):
        lines = lines_of(name, TEXT_PX, left)
        if len(lines) > 1 and high >= 2 * TIGHT_PX:
            lines = [lines[0], shortened(name[len(lines[0]) :].strip(), TEXT_PX, left)]
        else:
            lines = [shortened(name, TEXT_PX, left)]
        first = panel.y.at(row + 0.5) + TEXT_PX / 3 - (len(lines) - 1) * TIGHT_PX / 2
        for i, line in enumerate(lines):
            panel.canvas.text((left, first + i * TIGHT_PX), line, "end")
