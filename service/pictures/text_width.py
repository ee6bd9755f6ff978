"""How wide a text is about: pages and files have other fonts on other machines."""

from functools import cache
from unicodedata import east_asian_width

NARROW = frozenset("iljtfrI.,:;'|!()[]/ ")
WIDE = frozenset("mwMW%@<>=+~#&")
ROUNDING_PX = 0.1
NEVER_FIRST = frozenset("、。)」%")  # of a line
NARROW_EM, USUAL_EM, WIDE_EM, CAPITAL_EM, FULL_EM = 0.36, 0.61, 0.95, 0.7, 1.0


def width_of(text: str, size_px: float) -> float:
    """Return about how wide a text is, rather more, in px."""
    return size_px * sum(map(_em, text))


def shortened(text: str, size_px: float, most_px: float) -> str:
    """Return a text that is no wider than given, with an ellipsis if it was."""
    if width_of(text, size_px) <= most_px + ROUNDING_PX:
        return text
    while text and width_of(f"{text}…", size_px) > most_px:
        text = text[:-1].rstrip()
    return f"{text}…"


def lines_of(text: str, size_px: float, most_px: float) -> list[str]:
    """Return a text in lines that are no wider than given, if its words are not."""
    lines: list[str] = []
    for word in _words(text):
        if lines and width_of(lines[-1] + word.rstrip(), size_px) <= most_px:
            lines[-1] += word
        else:
            lines.append(word)
    return [line.rstrip() for line in lines]


def _words(text: str) -> list[str]:
    """Return the parts between which a line may end: words, East Asian characters."""
    words: list[str] = []
    is_open = False
    for character in text:
        is_more = is_open and not is_full_width(character)
        if is_more or (words and character in NEVER_FIRST):
            words[-1] += character
        else:
            words.append(character)
        is_open = character != " " and not is_full_width(character)
    return words


@cache
def is_full_width(character: str) -> bool:
    """Return whether a character is as wide as it is high."""
    return east_asian_width(character) in "WF"


@cache
def _em(character: str) -> float:
    if is_full_width(character):
        return FULL_EM
    if character in NARROW:
        return NARROW_EM
    if character in WIDE:
        return WIDE_EM
    return CAPITAL_EM if character.isupper() else USUAL_EM
