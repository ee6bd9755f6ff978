"""Fonts in files of pictures: Noto for East Asian characters and emoji.

A reader has a font for Latin text, but not always one for others: a file carries the
glyphs that it needs. Pages use the fonts of their readers.
"""

from base64 import b64encode
from collections.abc import Iterable, Mapping
from functools import cache
from importlib.resources import as_file, files
from io import BytesIO
from pathlib import Path

from fontTools import subset
from fontTools.ttLib import TTFont

from models.visible_text import escaped, visible

FIRST = "Noto Sans CJK JP"
FONTS: Mapping[str, tuple[str, str]] = {  # family: package and file
    FIRST: ("noto_cjk_sans_jp_regular", "NotoSansCJKjp-Regular.otf"),
    "Noto Emoji": ("manimgx_fonts", "NotoEmoji[wght].ttf"),
}
FAMILIES = ", ".join(["Arial", "Helvetica", *(f"'{x}'" for x in FONTS), "sans-serif"])
LAST_LATIN = "\u024f"  # of what any reader has


@cache
def font_path(family: str) -> Path:
    """Return the file of a font."""
    package, file = FONTS[family]
    with as_file(files(package) / file) as path:
        return path


@cache
def characters_of(family: str) -> frozenset[int]:
    """Return the characters that a font has glyphs for."""
    with TTFont(font_path(family), lazy=True) as font:
        return frozenset(font.getBestCmap() or ())


def drawable(text: str) -> str:
    r"""Return a text with what no font can draw as escapes, such as \U0001f9f2."""
    return "".join(
        x
        if x.isascii() or any(ord(x) in characters_of(f) for f in FONTS)
        else escaped(x)
        for x in visible(text.replace("\t", " "))
    )


def font_faces(texts: Iterable[str]) -> str:
    """Return the style rules of the fonts that texts need, with the glyphs in them."""
    needed = {x for text in texts for x in text if x > LAST_LATIN}
    rules: list[str] = []
    for family in FONTS:
        here = {x for x in needed if ord(x) in characters_of(family)}
        needed -= here
        if here:
            content = b64encode(_glyphs(family, "".join(sorted(here)))).decode()
            rules.append(
                f"@font-face{{font-family:'{family}';"
                f"src:url(data:font/woff;base64,{content})}}"
            )
    return "".join(rules)


@cache
def _glyphs(family: str, characters: str) -> bytes:
    """Return a font with the glyphs of some characters only."""
    options = subset.Options(
        flavor="woff",
        layout_features=[],
        hinting=False,
        desubroutinize=True,
        name_IDs=[],
        drop_tables=["BASE", "GDEF", "GPOS", "GSUB", "VORG", "vhea", "vmtx"],
        recalc_timestamp=False,
    )
    with subset.load_font(font_path(family), options) as font:
        subsetter = subset.Subsetter(options)
        subsetter.populate(text=characters)
        subsetter.subset(font)
        page = BytesIO()
        subset.save_font(font, page, options)
    return page.getvalue()
