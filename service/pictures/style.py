"""One style for all pictures, and the only place where they become bytes.

Colours are those of Okabe & Ito (2008), distinct with any colour vision and in grey
print. The same document gives the same bytes: no date, no random identifiers, and no
settings of the user.
"""

# matplotlib leaves the types of its keyword arguments open.
# pyright: reportUnknownMemberType=false

from collections.abc import Callable
from io import BytesIO
from pathlib import Path
from typing import Any, Literal

import matplotlib as mpl
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.text import Text
from matplotlib.ticker import FuncFormatter

from service.pictures.fonts import drawable, families

BLUE, VERMILION, GREY = "#0072B2", "#D55E00", "#767676"
INK, RULE = "#222222", "#BBBBBB"
WIDTH_INCHES = 7.5
BEHIND_TEXT = {"boxstyle": "square,pad=0.1", "fc": "white", "ec": "none", "alpha": 0.7}
PictureFormat = Literal["svg", "png"]
Draw = Callable[[], Figure]
METADATA: dict[PictureFormat, dict[str, None]] = {
    "svg": {"Date": None, "Creator": None},
    "png": {"Software": None},
}
STYLE: dict[Any, object] = {  # the keys are one long Literal in matplotlib
    "font.size": 8.0,
    "axes.titlesize": 9.0,
    "axes.titlelocation": "left",
    "axes.labelsize": 8.0,
    "axes.labelcolor": INK,
    "axes.edgecolor": RULE,
    "axes.linewidth": 0.6,
    "axes.spines.top": False,
    "axes.spines.right": False,
    "axes.formatter.useoffset": False,
    "axes.grid": False,
    "figure.titlesize": 10.0,
    "figure.constrained_layout.use": True,
    "lines.linewidth": 1.3,
    "text.color": INK,
    "text.parse_math": False,  # a dollar sign in a name is a dollar sign
    "xtick.color": INK,
    "ytick.color": INK,
    "xtick.labelsize": 7.5,
    "ytick.labelsize": 7.5,
    "xtick.major.size": 3.0,
    "ytick.major.size": 3.0,
    "xtick.major.width": 0.6,
    "ytick.major.width": 0.6,
    "savefig.dpi": 160.0,
    "svg.hashsalt": "strongroom",
    "svg.fonttype": "path",
}


def save(draw: Draw, path: Path) -> None:
    """Write a picture in the format of the file name's ending."""
    picture_format: PictureFormat = "png" if path.suffix == ".png" else "svg"
    path.write_bytes(rendered(draw, picture_format))


def rendered(draw: Draw, picture_format: PictureFormat) -> bytes:
    """Return a picture as bytes."""
    with mpl.rc_context():
        mpl.rcdefaults()
        for name, value in STYLE.items():
            mpl.rcParams[name] = value
        mpl.rcParams["font.family"] = list(families())
        figure = draw()
        _escape(figure)
        page = BytesIO()
        figure.savefig(page, format=picture_format, metadata=METADATA[picture_format])
    return page.getvalue()


def _escape(figure: Figure) -> None:
    """Escape what cannot be drawn, in all text and in labels of ticks made later."""
    for axes in figure.axes:
        for axis in (axes.xaxis, axes.yaxis):
            formatter = axis.get_major_formatter()
            if isinstance(formatter, FuncFormatter):
                formatter.func = _escaped(formatter.func)
    texts: list[Any] = figure.findobj(Text)
    for text in texts:
        text.set_text(drawable(text.get_text()))


def _escaped(label: Callable[..., str]) -> Callable[..., str]:
    return lambda *tick: drawable(label(*tick))


def money_unit(largest_usd: float) -> tuple[float, str]:
    """Return the divisor of dollars on an axis, and the name of the unit."""
    for divisor, name in ((1e9, "billion"), (1e6, "million"), (1e3, "thousand")):
        if abs(largest_usd) >= divisor:
            return divisor, f"{name} US dollars"
    return 1.0, "US dollars"


def heading(figure: Figure, title: str, explanation: str = "") -> None:
    """Set a title at the left, and below it the meaning of marks and shades."""
    text = f"{title}\n{explanation}" if explanation else title
    figure.suptitle(text, x=0.01, ha="left", fontsize=9.0)


def limit_line(axes: Axes, level: float, text: str) -> None:
    """Draw a limit across the axes with its name on it."""
    axes.axhline(level, color=VERMILION, linewidth=0.9, linestyle=(0, (4, 2)))
    axes.annotate(
        text,
        xy=(0.0, level),
        xycoords=("axes fraction", "data"),
        xytext=(3, -3),
        textcoords="offset points",
        va="top",
        color=VERMILION,
        fontsize=7.0,
        bbox=BEHIND_TEXT,
    )
