"""Files as text or bytes, and the error for a file that cannot be read."""

import codecs
import stat
from pathlib import Path

from models.mistakes import Mistake
from models.reading import InvalidCaseError

MAXIMUM_BYTES = 50_000_000
BYTE_ORDER_MARKS = {
    codecs.BOM_UTF32_LE: "UTF-32 text",
    codecs.BOM_UTF32_BE: "UTF-32 text",
    codecs.BOM_UTF16_LE: "UTF-16 text",
    codecs.BOM_UTF16_BE: "UTF-16 text",
}


def read_text(path: Path, wanted: str = "a file") -> str:
    """Return the text of a UTF-8 file, or raise InvalidCaseError with one mistake."""
    return decode(read_bytes(path, wanted), str(path))


def read_bytes(path: Path, wanted: str = "a file", most: int = MAXIMUM_BYTES) -> bytes:
    """Return the content of a file, or raise InvalidCaseError with one mistake.

    The size, at most `most`, is checked before the file is read. `wanted` is what the
    message expects if there is no file.
    """
    try:
        _check_kind_and_size(path, most)
        return path.read_bytes()
    except FileNotFoundError:
        raise fault(str(path), "not there", wanted) from None
    except OSError as error:
        reason = error.strerror or type(error).__name__
        raise fault(str(path), reason, "a file that can be read") from None


def decode(content: bytes, source: str) -> str:
    """Return UTF-8 bytes as text, without a byte order mark."""
    for mark, kind in BYTE_ORDER_MARKS.items():
        if content.startswith(mark):
            raise fault(source, kind, "UTF-8 text")
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = error.object.count(b"\n", 0, error.start) + 1
        at = f"{source}, line {line}"
        wrong = f"the byte 0x{error.object[error.start]:02x}"
        raise fault(at, wrong, "UTF-8 text") from None


def fault(path: str, value: object, expected: str) -> InvalidCaseError:
    """Return an InvalidCaseError with one mistake."""
    return InvalidCaseError([Mistake(path, value, expected)])


def _check_kind_and_size(path: Path, most: int) -> None:
    found = path.stat()
    if stat.S_ISDIR(found.st_mode):
        raise fault(str(path), "a directory", "a file")
    if not stat.S_ISREG(found.st_mode):
        raise fault(str(path), "a device, pipe or socket", "a regular file")
    if found.st_size > most:
        size = f"{found.st_size / 1e6:.1f} MB"
        raise fault(str(path), size, f"at most {most / 1e6:g} MB")
