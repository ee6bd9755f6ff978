"""The fonts of pictures: DejaVu Sans, then Noto for East Asian characters and emoji."""

# matplotlib leaves the types of its keyword arguments open.
# pyright: reportUnknownMemberType=false, reportUnknownVariableType=false

from functools import cache
from importlib.resources import as_file, files

from matplotlib.font_manager import FontProperties, findfont, fontManager, get_font

from models.visible_text import escaped, visible

FIRST = "DejaVu Sans"
# Package and file: without the package, characters that no font has are escaped.
FURTHER = (
    ("noto_cjk_sans_jp_regular", "NotoSansCJKjp-Regular.otf"),
    ("manimgx_fonts", "NotoEmoji[wght].ttf"),
)


@cache
def families() -> tuple[str, ...]:
    """Return the names of the fonts that are there, in the order of use."""
    found = [FIRST]
    for package, file in FURTHER:
        try:
            with as_file(files(package) / file) as path:
                fontManager.addfont(path)
                found.append(FontProperties(fname=path).get_name())
        except (ModuleNotFoundError, FileNotFoundError):
            continue
    return tuple(found)


def drawable(text: str) -> str:
    r"""Return a text with what no font can draw as escapes, such as \U0001f9f2."""
    return "".join(
        x if x == "\n" or x.isascii() or is_in_a_font(x) else escaped(x)
        for x in visible(text.replace("\t", " "))
    )


@cache
def is_in_a_font(character: str) -> bool:
    """Return whether one of the fonts has a glyph for a character."""
    code = ord(character)
    return any(get_font(findfont(name)).get_char_index(code) for name in families())
