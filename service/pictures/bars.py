"""Names of the rows of bars, to the left of them."""

from collections.abc import Sequence

from service.pictures.panel import Panel
from service.pictures.style import TEXT_PX
from service.pictures.text_width import shortened, width_of

MOST_SHARE = 0.42  # of the width that names may take
BESIDE_PX = 8.0


def plot_left(names: Sequence[str], width_px: float) -> float:
    """Return where bars begin, so that their names fit before them."""
    widest = max((width_of(name, TEXT_PX) for name in names), default=0.0)
    return min(widest, MOST_SHARE * width_px) + BESIDE_PX


def label_rows(panel: Panel, names: Sequence[str]) -> None:
    """Write the name of each row, whose place is from its number to the next."""
    left = panel.box.left - BESIDE_PX
    for row, name in enumerate(names):
        at = panel.y.at(row + 0.5) + TEXT_PX / 3
        panel.canvas.text((left, at), shortened(name, TEXT_PX, left), "end")
