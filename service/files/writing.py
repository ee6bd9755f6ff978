"""Files written completely or not at all, and the check that one can be written."""

import os
import secrets
from collections.abc import Generator
from contextlib import contextmanager
from pathlib import Path
from typing import BinaryIO

from service.files.text import fault


def check_writable(path: Path) -> None:
    """Raise InvalidCaseError if no file can be written there.

    The check creates a file beside it and deletes it at once.
    """
    try:
        obstacle = _obstacle(path.resolve())
    except OSError as error:
        obstacle = error.strerror or type(error).__name__
    if obstacle is not None:
        raise fault(str(path), obstacle, "the name of a file that can be written")


def make_folder(path: Path) -> None:
    """Make a folder if it is absent; raise InvalidCaseError if that fails."""
    try:
        path.mkdir(exist_ok=True)
    except OSError as error:
        reason = error.strerror or type(error).__name__
        expected = "a directory, or the name of a new one"
        raise fault(str(path), reason, expected) from None


def write_whole(content: bytes, path: Path) -> None:
    """Write a file completely or not at all, by replacing it with a draft.

    Raises OSError; the previous file is then unchanged.
    """
    with written_whole(path) as file:
        file.write(content)


@contextmanager
def written_whole(path: Path) -> Generator[BinaryIO]:
    """Yield a draft to write, which replaces the file at the end unless one fails.

    Raises OSError with the name of the file; the previous file is then unchanged.
    """
    target = path.resolve()
    draft = _draft(target)
    try:
        with draft.open("xb") as file:
            yield file
            file.flush()
            os.fsync(file.fileno())
        draft.replace(target)
    except OSError as error:
        # The error of a write names no file, or the draft.
        error.filename, error.filename2 = str(path), None
        raise
    finally:
        draft.unlink(missing_ok=True)


def _obstacle(target: Path) -> str | None:
    if target.is_dir():
        return "a directory"
    if target.exists() and not target.is_file():
        return "a device, pipe or socket"
    if target.exists() and not os.access(target, os.W_OK):
        return "write-protected"
    if not target.parent.is_dir():
        return "in a folder that is not there"
    draft = _draft(target)
    draft.touch(exist_ok=False)
    draft.unlink()
    return None


def _draft(target: Path) -> Path:
    return target.with_name(f".{target.name}.{secrets.token_hex(4)}.part")
