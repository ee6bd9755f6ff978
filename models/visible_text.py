"""Text for people: characters that control a terminal or hide in text, escaped."""

import re

# C0 (but for tab and line feed), DEL, C1, what turns the direction of text, separators
# of lines, and halves of characters that no encoding has.
HIDDEN = re.compile(
    "[\x00-\x08\x0b-\x1f\x7f-\x9f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069"
    "\ud800-\udfff\ufffe\uffff]"
)


def visible(text: str) -> str:
    r"""Return a text with hidden characters as escapes, such as \x1b."""
    return HIDDEN.sub(lambda found: escaped(found[0]), text)


def escaped(character: str) -> str:
    r"""Return a character as an escape of Python: \x1b, \u202e."""
    return character.encode("unicode_escape").decode()
