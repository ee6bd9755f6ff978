"""Files written completely or not at all, and the check that one can be written.

A file that cannot be replaced, such as a single file mounted into a container, is
written in place at the end.
"""

import errno
import os
import secrets
import shutil
import stat
import tempfile
from collections.abc import Generator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import BinaryIO

from service.files.text import fault

STANDARD_STREAMS = ("-", "/dev/stdout", "/dev/stderr", "/dev/fd/1", "/dev/fd/2")
# A mount point, another file system, a read-only folder.
IRREPLACEABLE = {errno.EBUSY, errno.EXDEV, errno.EACCES, errno.EPERM, errno.EROFS}


def check_writable(path: Path) -> None:
    """Raise InvalidCaseError if no file can be written there.

    The check creates a file beside it and deletes it at once.
    """
    if str(path) in STANDARD_STREAMS:
        expected = "the name of a file (./- for one that is named so)"
        raise fault(str(path), "a standard stream", expected)
    try:
        obstacle = _obstacle(path.resolve())
    except OSError as error:
        obstacle = error.strerror or type(error).__name__
    if obstacle is not None:
        raise fault(str(path), obstacle, "the name of a file that can be written")


def check_output(path: Path, others: Mapping[str, Path | None]) -> None:
    """Raise InvalidCaseError if no file can be written there, or if it is another one.

    others are the files that the command reads, or writes as well, by what they are.
    """
    check_writable(path)
    for name, other in others.items():
        if other is not None and _is_same(path, other):
            raise fault(str(path), name, "another file")


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

    The mode of the file stays as it was. Raises OSError with the name of the file; the
    previous file is then unchanged, unless it could only be written in place.
    """
    target = path.resolve()
    draft = _draft(target)
    try:
        try:
            file = draft.open("xb")
        except OSError:
            if not _is_writable_file(target):
                raise
            draft = Path(tempfile.gettempdir()) / draft.name
            file = draft.open("xb")
        with file:
            yield file
            file.flush()
            os.fsync(file.fileno())
        _put(draft, target)
    except OSError as error:
        # The error of a write names no file, or the draft.
        error.filename, error.filename2 = str(path), None
        raise
    finally:
        draft.unlink(missing_ok=True)


def _is_same(path: Path, other: Path) -> bool:
    if path.exists() and other.exists():
        return path.samefile(other)
    return path.resolve() == other.resolve()


def _put(draft: Path, target: Path) -> None:
    """Replace a file by its draft, or copy the draft into it where that fails."""
    if target.exists():
        draft.chmod(stat.S_IMODE(target.stat().st_mode))
    try:
        draft.replace(target)
    except OSError as error:
        if error.errno not in IRREPLACEABLE or not _is_writable_file(target):
            raise
        with draft.open("rb") as source, target.open("r+b") as file:
            shutil.copyfileobj(source, file)
            file.truncate()
            file.flush()
            os.fsync(file.fileno())


def _is_writable_file(target: Path) -> bool:
    return target.is_file() and os.access(target, os.W_OK)


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
    try:
        draft.touch(exist_ok=False)
    except OSError:
        # It can be written in place.
        if not target.exists():
            raise
    draft.unlink(missing_ok=True)
    return None


def _draft(target: Path) -> Path:
    return target.with_name(f".{target.name}.{secrets.token_hex(4)}.part")
