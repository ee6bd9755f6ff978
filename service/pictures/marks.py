"""Marks: the elements of SVG that a picture is made of, and how they are put together.

Places are (x, y) in px from the upper left corner.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from math import hypot

from service.pictures.style import INK, TEXT_PX, Attributes, line_of

Point = tuple[float, float]
BOW = 0.2  # twice the height of a bow by its length
HEAD_PX, FLOW_OPACITY = 4.0, 0.7


@dataclass(frozen=True, slots=True)
class Mark:
    """An element of SVG; only one of text has a text."""

    name: str
    attributes: Attributes
    text: str = ""


@dataclass(frozen=True, slots=True)
class Canvas:
    """What has been drawn so far, in order; a later mark covers an earlier one."""

    marks: list[Mark] = field(default_factory=list["Mark"])

    def line(self, start: Point, end: Point, look: Attributes) -> None:
        """Draw a straight line."""
        (x1, y1), (x2, y2) = start, end
        places = {"x1": px(x1), "y1": px(y1), "x2": px(x2), "y2": px(y2)}
        self.marks.append(Mark("line", {**places, **look}))

    def curve(self, points: Iterable[Point | None], look: Attributes) -> None:
        """Draw straight lines from point to point, with a gap where one is None."""
        drawn = "".join(_polyline(part) for part in _parts(points))
        if drawn:
            attributes = {"d": drawn, "stroke-linejoin": "round", **look}
            self.marks.append(Mark("path", attributes))

    def arrow(self, start: Point, end: Point, colour: str, width: float) -> None:
        """Draw a bow to a point, to the left of the straight line, with its head."""
        (x1, y1), (x2, y2) = start, end
        x, y = (x1 + x2) / 2 + BOW * (y2 - y1), (y1 + y2) / 2 - BOW * (x2 - x1)
        bow = f"M{px(x1)} {px(y1)}Q{px(x)} {px(y)} {px(x2)} {px(y2)}"
        look = line_of(colour, width, opacity=FLOW_OPACITY)
        self.marks.append(Mark("path", {"d": bow, **look}))
        length = hypot(x2 - x, y2 - y) or 1.0
        size = HEAD_PX + width
        along = (x2 - x) / length * size, (y2 - y) / length * size
        back = x2 - along[0], y2 - along[1]
        sides = [
            (back[0] - turn * along[1] / 2, back[1] + turn * along[0] / 2)
            for turn in (1, -1)
        ]
        self.shape([[end, *sides]], {"fill": colour})

    def shape(self, rings: Iterable[Sequence[Point]], look: Attributes) -> None:
        """Fill rings as one mark."""
        drawn = "".join(f"{_polyline(ring)}z" for ring in rings)
        self.marks.append(Mark("path", {"d": drawn, **look}))

    def area(
        self,
        lower: Sequence[Point | None],
        upper: Sequence[Point | None],
        look: Attributes,
    ) -> None:
        """Fill what is between two curves with the same gaps."""
        rings = (
            [*low, *reversed(high)]
            for low, high in zip(_parts(lower), _parts(upper), strict=True)
        )
        drawn = "".join(f"{_polyline(ring)}z" for ring in rings)
        if drawn:
            self.marks.append(Mark("path", {"d": drawn, **look}))

    def cells(self, boxes: Iterable[tuple[Point, Point]], look: Attributes) -> None:
        """Fill rectangles, each between two opposite corners, as one mark."""
        drawn = "".join(
            f"M{px(x1)} {px(y1)}H{px(x2)}V{px(y2)}H{px(x1)}z"
            for (x1, y1), (x2, y2) in boxes
        )
        if drawn:
            self.marks.append(Mark("path", {"d": drawn, **look}))

    def bar(self, corner: Point, opposite: Point, look: Attributes) -> None:
        """Fill a rectangle between two opposite corners."""
        (x1, y1), (x2, y2) = corner, opposite
        places = {"x": px(min(x1, x2)), "y": px(min(y1, y2))}
        sizes = {"width": px(abs(x2 - x1)), "height": px(abs(y2 - y1))}
        self.marks.append(Mark("rect", {**places, **sizes, **look}))

    def dot(self, centre: Point, radius: float, colour: str = INK) -> None:
        """Draw a filled circle."""
        places = {"cx": px(centre[0]), "cy": px(centre[1]), "r": px(radius)}
        self.marks.append(Mark("circle", {**places, "fill": colour}))

    def text(
        self, at: Point, text: str, anchor: str = "start", size: float = TEXT_PX
    ) -> None:
        """Write a text; its base line begins, ends or has its middle at a point."""
        attributes = {"x": px(at[0]), "y": px(at[1])}
        if anchor != "start":
            attributes["text-anchor"] = anchor
        if size != TEXT_PX:
            attributes["font-size"] = px(size)
        self.marks.append(Mark("text", attributes, text))


def px(value: float) -> str:
    """Return a place or size to a tenth of a px, as short as can be."""
    return f"{round(value, 1) + 0.0:g}" if abs(value) < 1e5 else f"{value:.1f}"  # noqa: PLR2004


def _polyline(points: Sequence[Point]) -> str:
    drawn = [(px(x), px(y)) for x, y in points]
    first, *others = drawn
    kept = "".join(f"L{x} {y}" for i, (x, y) in enumerate(others) if (x, y) != drawn[i])
    return f"M{first[0]} {first[1]}{kept}"


def _parts(points: Iterable[Point | None]) -> list[list[Point]]:
    """Return the runs between gaps."""
    parts: list[list[Point]] = [[]]
    for point in points:
        if point is not None:
            parts[-1].append(point)
        elif parts[-1]:
            parts.append([])
    return [part for part in parts if part]
