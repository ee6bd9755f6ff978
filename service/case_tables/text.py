"""Values as the text of one cell: lists, texts by name, and texts of no character.

Elements of a list are parted by semicolons, texts by name stand on lines of their own.
A sign stands for what is empty where an empty cell means something else.
"""

import re
from collections.abc import Mapping, Sequence

BETWEEN = "; "
NO_ELEMENT = "-"
NO_CHARACTER = '""'
_ONLY_QUOTES = re.compile(r'"{2,}')
_ESCAPED = re.compile(r"\\(.)", re.DOTALL)
_LETTERS = {"\n": "n", "\r": "r"}
_CHARACTERS = {letter: character for character, letter in _LETTERS.items()}
_LINE = re.compile(r"((?:[^:\\]|\\.)*):(.*)", re.DOTALL)


def text_as_cell(text: str) -> str:
    """Return what a cell has for a text; quotation marks stand for one of none."""
    is_alone = not text or _ONLY_QUOTES.fullmatch(text)
    return NO_CHARACTER + text if is_alone else text


def text_of_cell(written: str) -> str:
    """Return the text that a cell means."""
    is_alone = _ONLY_QUOTES.fullmatch(written.strip())
    return written.strip()[len(NO_CHARACTER) :] if is_alone else written


def list_as_cell(elements: Sequence[object]) -> str:
    """Return a list as the text of a cell."""
    return BETWEEN.join(map(_element, elements)) or NO_ELEMENT


def lines_as_cell(texts: Mapping[str, str]) -> str:
    """Return texts by name as the text of a cell, a line each."""
    return "\n".join(
        f"{_escaped(name, ':')}: {_escaped(text)}" for name, text in texts.items()
    )


def lines_of_cell(written: str) -> dict[str, str] | None:
    """Return texts by name; None if a line has no colon, or a name stands twice."""
    # Not splitlines: it also parts at characters that a text may have.
    lines = [line for line in re.split("\r?\n", written) if line.strip()]
    found = [_LINE.fullmatch(line) for line in lines]
    texts = {_plain(x[1]): _plain(x[2].removeprefix(" ")) for x in found if x}
    return texts if len(texts) == len(lines) else None


def _element(value: object) -> str:
    if isinstance(value, float):
        short = f"{value:g}"
        return short if float(short) == value else repr(value)
    return str(value)


def _escaped(text: str, also: str = "") -> str:
    for character in ("\\", *also):
        text = text.replace(character, f"\\{character}")
    for character, letter in _LETTERS.items():
        text = text.replace(character, f"\\{letter}")
    return text


def _plain(text: str) -> str:
    return _ESCAPED.sub(lambda found: _CHARACTERS.get(found[1], found[1]), text)
