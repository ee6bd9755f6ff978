"""The files of a folder that was sent as one zip, unpacked within limits."""

import io
import zipfile
import zlib
from pathlib import PurePosixPath

from models.reading import InvalidCaseError
from service.case_tables.reading import CaseReader
from service.csv_folder.conventions import FILE
from service.csv_folder.reading import (
    ENDING,
    MOST_BYTES,
    MOST_FILES,
    FolderReader,
    is_hidden,
)
from service.files.text import fault

ZIP = b"PK"
WANTED = "a zip of a folder of CSV files"
_BROKEN = (
    zipfile.BadZipFile,
    zlib.error,
    EOFError,
    NotImplementedError,
    RuntimeError,
    ValueError,
)


def is_zipped_folder(content: bytes) -> bool:
    """Say whether a file is a zip of CSV files; a workbook is a zip, too."""
    if not content.startswith(ZIP):
        return False
    try:
        names = [PurePosixPath(x) for x in _opened(content).namelist()]
    except _BROKEN:
        return False
    return any(x.name == FILE or x.suffix.lower() == ENDING for x in names)


def zip_reader(content: bytes, source: str) -> CaseReader:
    """Return the reader of a zipped folder, which has read its files.

    Folders inside are as one. Raises InvalidCaseError if it is broken or too large.
    """
    try:
        files = _files_in(_opened(content), source)
    except InvalidCaseError:
        raise
    except _BROKEN as error:
        raise fault(source, f"a broken zip ({error})", WANTED) from None
    return FolderReader(files).read(source)


def _opened(content: bytes) -> zipfile.ZipFile:
    return zipfile.ZipFile(io.BytesIO(content))


def _files_in(parts: zipfile.ZipFile, source: str) -> dict[str, bytes]:
    infos = [x for x in parts.infolist() if not x.is_dir() and not _is_apart(x)]
    if len(infos) > MOST_FILES:
        raise fault(source, f"{len(infos):,} files", f"at most {MOST_FILES:,}")
    files: dict[str, bytes] = {}
    left = MOST_BYTES
    for info in infos:
        name = PurePosixPath(info.filename).name
        if name in files:
            raise fault(source, f"two files {name}", "each name once")
        with parts.open(info) as part:
            # What a zip says of sizes is not believed.
            files[name] = part.read(left + 1)
        left -= len(files[name])
        if left < 0:
            found = f"more than {MOST_BYTES / 1e6:g} MB when unpacked"
            raise fault(source, found, "no more")
    return files


def _is_apart(info: zipfile.ZipInfo) -> bool:
    """Say whether a file is of a system that zips, and not of the person."""
    path = PurePosixPath(info.filename)
    return path.parts[0] == "__MACOSX" or is_hidden(path.name)
