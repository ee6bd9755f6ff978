"""Files in one zip that is the same bytes whenever and wherever it is made."""

from collections.abc import Mapping
from io import BytesIO
from zipfile import ZIP_DEFLATED, ZipFile, ZipInfo

EARLIEST = (1980, 1, 1, 0, 0, 0)  # a zip knows no time before
UNIX = 3
READABLE = 0o644 << 16
LEVEL = 9


def zipped(files: Mapping[str, bytes]) -> bytes:
    """Return the files as a zip, in order of their names."""
    page = BytesIO()
    with ZipFile(page, "w") as archive:
        for name in sorted(files):
            entry = ZipInfo(name, EARLIEST)
            entry.create_system, entry.external_attr = UNIX, READABLE
            archive.writestr(entry, files[name], ZIP_DEFLATED, LEVEL)
    return page.getvalue()
