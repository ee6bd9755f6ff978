"""One style for all pictures: colours, lines and sizes.

Colours are near those of Okabe & Ito (2008), distinct with any colour vision and in
grey print; their contrast is 3 or more on white as on black. Ink is the colour of the
text around a picture. All is written as attributes: pages forbid styles in them.
"""

from collections.abc import Mapping

Attributes = Mapping[str, str]

INK = "currentColor"
BLUE, VERMILION = "#1F7DBF", "#D55E00"
TEXT_PX, SMALL_PX, TITLE_PX = 11.0, 10.0, 12.0
LINE_PX = 15.0  # from one line of text to the next
DASHED = "4 2"


def line_of(
    colour: str = INK, width: float = 1.5, dash: str = "", opacity: float = 1.0
) -> Attributes:
    """Return the attributes of a line; an empty dash is a whole line."""
    drawn = {"fill": "none", "stroke": colour, "stroke-width": f"{width:g}"}
    if dash:
        drawn["stroke-dasharray"] = dash
    if opacity < 1:
        drawn["stroke-opacity"] = f"{opacity:g}"
    return drawn


def area_of(colour: str = INK, opacity: float = 1.0) -> Attributes:
    """Return the attributes of an area."""
    if opacity < 1:
        return {"fill": colour, "fill-opacity": f"{opacity:.3g}"}
    return {"fill": colour}


AXIS = line_of(width=1, opacity=0.5)
GRID = line_of(width=1, opacity=0.12)
LIMIT = line_of(VERMILION, 1.2, DASHED)
LEVEL = line_of(width=1, dash=DASHED, opacity=0.7)
