"""The text of a file whose encoding is recognised, declared or told."""

import codecs
import re

from service.csv_folder.conventions import FILE
from service.files.text import fault

MARKS = {
    codecs.BOM_UTF8: "utf-8-sig",
    codecs.BOM_UTF16_LE: "utf-16",
    codecs.BOM_UTF16_BE: "utf-16",
}
UTF_8 = "utf-8"
LIKELY = ("cp1252", "shift_jis")  # of Western and of Japanese spreadsheets
BYTES_TRIED = 1_000
LONGEST_SHOWN = 24
_BETWEEN_WORDS = re.compile(rb'[,;\t|"\r\n]')


def decoded(content: bytes, declared: str | None, source: str) -> str:
    """Return the text of a file; raise InvalidCaseError if its encoding is not clear.

    A byte order mark tells it, else what is declared; without either it is UTF-8.
    """
    mark = next((x for x in MARKS if content.startswith(x)), None)
    encoding = declared or UTF_8 if mark is None else MARKS[mark]
    if encoding == UTF_8 and b"\0" in content[:BYTES_TRIED]:
        found, said = "text with bytes of 0", f"{FILE} says encoding: utf-16-le"
        raise fault(source, found, f"UTF-8, or UTF-16 with its mark, unless {said}")
    try:
        return content.decode(encoding)
    except UnicodeDecodeError as error:
        line = content.count(b"\n", 0, error.start) + 1
        word = _word(content, error.start)
        place = f"{source}, line {line}"
        expected = f"text in {encoding}: {_readings(word)}"
        raise fault(place, word, expected) from None


def _word(content: bytes, at: int) -> bytes:
    """Return the bytes of a cell around a place, those that can be shown."""
    start = max(at - LONGEST_SHOWN, 0)
    before = _BETWEEN_WORDS.split(content[start:at])[-1]
    return before + _BETWEEN_WORDS.split(content[at : at + LONGEST_SHOWN])[0]


def _readings(word: bytes) -> str:
    found = (f"as {x} it is {word.decode(x, 'replace')!r}" for x in LIKELY)
    return f"{', '.join(found)}; {FILE} can say encoding, or save it as UTF-8"
