"""Names in pictures: literal, without control characters, in a font that has them."""

import re
import warnings
from functools import partial
from xml.etree import ElementTree as ET

import pytest
from matplotlib.figure import Figure

from service.pictures import fonts
from service.pictures.fonts import drawable, families
from service.pictures.shortage import shortage_picture
from service.pictures.stock import stock_picture
from service.pictures.style import PictureFormat, rendered
from tests.service.pictures.test_pictures import material, trajectories

NAMES = (
    "Cobalt US$ #1 and A$ #2",
    "$x^2$ \\$ {",
    "Alpha\x0bconcentrate \x1b[31m",
    "タンタル",
    "스칸듐 نادر",
    "\U0001f9f2 稀土",
    "\ue000 हिन्दी\u202e",
)


def picture(kind: str, *names: str) -> Figure:
    """Return a picture of materials with names."""
    materials = [
        material("alpha", 9.0, 1.0).model_copy(update={"name": name}) for name in names
    ]
    draw = {"stock": stock_picture, "shortage": shortage_picture}[kind]
    return draw(trajectories(*materials))


@pytest.mark.parametrize("kind", ["stock", "shortage"])
@pytest.mark.parametrize("picture_format", ["svg", "png"])
def test_every_name_is_drawn_without_warning(
    kind: str, picture_format: PictureFormat
) -> None:
    """Titles of panels and labels of ticks; the SVG is well-formed."""
    with warnings.catch_warnings():
        warnings.simplefilter("error", UserWarning)
        page = rendered(partial(picture, kind, *NAMES), picture_format)
    if picture_format == "svg":
        ET.fromstring(page)  # noqa: S314 - our own
        for shown in ("US$ #1 and A$ #2", "$x^2$", r"\x0bconcentrate", "タンタル"):
            assert f"{shown}".encode() in page


def test_east_asian_names_and_emoji_have_glyphs_of_their_own() -> None:
    """Two names are two shapes, and none is an escape."""
    names = ("タンタル", "스칸듐", "稀土", "\U0001f9f2")
    assert len(families()) == 3
    assert [drawable(name) for name in names] == [*names]
    pages = [rendered(partial(picture, "stock", name), "svg") for name in names]
    bare = {re.sub(rb"<!--.*?-->|_[0-9a-f]+", b"", page) for page in pages}
    assert len(bare) == len(names)


def test_what_no_font_has_is_escaped(monkeypatch: pytest.MonkeyPatch) -> None:
    """Without the packages of fonts too, so that two names stay two."""
    assert drawable("\ue000\u202ea\tb\nc") == "\\ue000\\u202ea b\nc"
    monkeypatch.setattr(fonts, "FURTHER", (("absent_package", "absent.ttf"),))
    families.cache_clear()
    fonts.is_in_a_font.cache_clear()
    try:
        assert drawable("é タ") == r"é \u30bf"
        with warnings.catch_warnings():
            warnings.simplefilter("error", UserWarning)
            assert rendered(partial(picture, "stock", *NAMES), "svg")
    finally:
        families.cache_clear()
        fonts.is_in_a_font.cache_clear()
