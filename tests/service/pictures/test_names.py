"""Names in pictures: literal, escaped, in a font that has them."""

import re
from collections.abc import Callable
from xml.etree import ElementTree as ET

import pytest

from service.pictures.figure import Figure
from service.pictures.files import PictureFormat, rendered
from service.pictures.fonts import drawable, font_faces
from service.pictures.shortage import shortage_picture
from service.pictures.stock import stock_picture
from service.pictures.svg import inlined
from tests.service.pictures.test_pictures import PICTURES, material, trajectories

NAMES = (
    "US$ #1 & A$ #2",
    "$x^2$ \\$ {",
    "</svg><script>",
    "A\x0b \x1b[31m",
    "タンタル",
    "스칸듐 نادر",
    "\U0001f9f2 稀土",
    "\ue000 हिन्दी\u202e",
)
SHOWN = ("US$ #1 & A$ #2", "$x^2$", "</svg><script>", r"\x0b \x1b", "タンタル")


def picture(draw: Callable[..., Figure], *names: str) -> Figure:
    """Return a picture of materials with names."""
    materials = [
        material("alpha", 9.0, 1.0).model_copy(update={"name": name}) for name in names
    ]
    return draw(trajectories(*materials))


def texts(page: bytes | str) -> str:
    """Return all that is written in well-formed SVG."""
    return "\n".join(ET.fromstring(page).itertext())  # noqa: S314 - our own


@pytest.mark.parametrize("draw", [stock_picture, shortage_picture])
@pytest.mark.parametrize("picture_format", ["svg", "png"])
def test_every_name_is_drawn(
    draw: Callable[..., Figure], picture_format: PictureFormat
) -> None:
    """Titles of panels and labels of rows, as a file; the SVG is well-formed."""
    page = rendered(picture(draw, *NAMES), picture_format)
    if picture_format == "svg":
        assert all(name in texts(page) for name in SHOWN)


@pytest.mark.parametrize("draw", [stock_picture, shortage_picture])
def test_every_name_is_escaped_in_a_page(draw: Callable[..., Figure]) -> None:
    """What hides or controls is an escape; other letters have the reader's fonts."""
    page = inlined(picture(draw, *NAMES))
    assert "<script" not in page
    assert all(name in texts(page) for name in (*SHOWN, "हिन्दी"))


@pytest.mark.parametrize("name", PICTURES)
def test_a_page_needs_no_style(name: str) -> None:
    """The policy of pages refuses styles; ink is the colour of the text around."""
    figure = PICTURES[name]()
    page = inlined(figure)
    assert not re.search(r"<style|style=|\bid=|url\(", page)
    assert f'aria-label="{figure.title}. ' in page
    assert 'fill="currentColor"' in page
    assert "#222" not in page


def test_a_file_has_the_glyphs_that_its_reader_may_lack() -> None:
    """Two names are two fonts; Latin text needs none."""
    magnet, gem = "\U0001f9f2", "\U0001f48e"
    for name in ("タンタル", "스칸듐", "稀土", magnet):
        assert drawable(name) == name
    assert font_faces([magnet]) != font_faces([gem])
    assert font_faces([f"稀土 {magnet}"]).count("@font-face") == 2
    assert font_faces(["Dysprosium, 1,000 t, Zürich"]) == ""


def test_what_no_font_has_is_escaped() -> None:
    """So that two names stay two."""
    assert drawable("\ue000\u202ea\tb\nc") == "\\ue000\\u202ea b\nc"
