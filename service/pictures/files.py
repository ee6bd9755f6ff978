"""Figures as files: SVG that carries the glyphs it needs, and PNG.

They have a heading and a white ground. The same figure gives the same bytes, on every
machine.
"""

from html import escape
from pathlib import Path
from typing import Literal

import resvg_py

from service.pictures.figure import Figure
from service.pictures.fonts import (
    FAMILIES,
    FIRST,
    FONTS,
    drawable,
    font_faces,
    font_path,
)
from service.pictures.marks import Canvas, Mark, px
from service.pictures.style import LINE_PX, TEXT_PX, TITLE_PX
from service.pictures.svg import NAMESPACE, element
from service.pictures.text_width import lines_of

PictureFormat = Literal["svg", "png"]
PROLOGUE = '<?xml version="1.0" encoding="UTF-8"?>\n'
INK, GROUND = "#222222", "#ffffff"
MARGIN_PX = 10.0
PNG_ZOOM = 2.0


def rendered(figure: Figure, picture_format: PictureFormat) -> bytes:
    """Return a figure as a file."""
    if picture_format == "svg":
        return (PROLOGUE + _file(figure, with_fonts=True)).encode()
    return resvg_py.svg_to_bytes(
        svg_string=_file(figure, with_fonts=False),
        zoom=PNG_ZOOM,
        skip_system_fonts=True,
        font_files=[str(font_path(family)) for family in FONTS],
        font_family=FIRST,
        sans_serif_family=FIRST,
    )


def save(figure: Figure, path: Path) -> None:
    """Write a picture in the format of the file name's ending."""
    path.write_bytes(rendered(figure, "png" if path.suffix == ".png" else "svg"))


def _file(figure: Figure, *, with_fonts: bool) -> str:
    """Return a figure below its heading, on a white ground."""
    heading, room = _heading(figure)
    texts = [drawable(mark.text) for mark in figure.marks]
    said = [*(mark.text for mark in heading), *texts]
    faces = font_faces(said) if with_fonts else ""
    style = f"<style>{faces}</style>" if faces else ""
    width = px(figure.width_px + 2 * MARGIN_PX)
    height = px(figure.height_px + room + 2 * MARGIN_PX)
    above = "".join(element(mark, mark.text) for mark in heading)
    marks = "".join(map(element, figure.marks, texts))
    return (
        f'<svg xmlns="{NAMESPACE}" viewBox="0 0 {width} {height}" width="{width}" '
        f'height="{height}" color="{INK}" fill="currentColor" '
        f'font-family="{FAMILIES}" font-size="{px(TEXT_PX)}">'
        f"<title>{_escaped(figure.title)}</title>"
        f"<desc>{_escaped(figure.explanation)}</desc>{style}"
        f'<rect width="{width}" height="{height}" fill="{GROUND}"/>'
        f'<g transform="translate({px(MARGIN_PX)} {px(MARGIN_PX)})">{above}'
        f'<g transform="translate(0 {px(room)})">{marks}</g></g></svg>\n'
    )


def _heading(figure: Figure) -> tuple[list[Mark], float]:
    """Return title and explanation as marks, and their height."""
    canvas, y = Canvas(), 0.0
    for text, size in ((figure.title, TITLE_PX + 1), (figure.explanation, TEXT_PX)):
        for line in lines_of(drawable(text), size, figure.width_px):
            y += LINE_PX
            canvas.text((0.0, y), line, size=size)
    return canvas.marks, y + LINE_PX


def _escaped(text: str) -> str:
    return escape(drawable(text), quote=False)
