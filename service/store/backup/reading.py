"""Read and check a backup."""

import hashlib
import json
import zlib
from collections import deque
from collections.abc import Generator, Iterable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any, NoReturn
from zipfile import BadZipFile, ZipFile

from pydantic import ValidationError

from models.content import canonical_text
from service.errors import DamagedBackupError
from service.store.backup.cells import from_json
from service.store.backup.manifest import MANIFEST, BackedUpTable, BackupManifest
from service.store.migrating import NewerTablesError, check_reachable

WHOLE = "a whole backup, as `strongroom store backup` writes it"
# All that reading a damaged zip can raise. NotImplementedError: an unknown method of
# compression; OSError: a position outside of the file.
DAMAGE = (
    BadZipFile,
    EOFError,
    KeyError,
    NotImplementedError,
    OSError,
    RuntimeError,
    TypeError,
    ValueError,
    zlib.error,
)
# A case may be stored as the sections that differ from those of another one.
BASE = "base_hash"
Cells = Mapping[str, Any]


class BackupFile:
    """An open backup."""

    def __init__(self, path: Path, archive: ZipFile) -> None:
        self.path = path
        self._archive = archive
        self.manifest = self._read_manifest()

    def hash_of_file(self) -> str:
        """Return the SHA-256 of the file."""
        with self.path.open("rb") as file:
            return hashlib.file_digest(file, "sha256").hexdigest()

    def check(self) -> None:
        """Read the backup completely, or raise DamagedBackupError.

        Counts and hashes must be those of the manifest, and the content of each
        document must have its own hash.
        """
        for table in self.manifest.tables:
            names = {column.name for column in table.columns}
            if {"content", "content_hash"} <= names:
                self._check_documents(table)
            else:
                deque(self.rows(table), maxlen=0)
        deque(self.objects(), maxlen=0)

    def rows(self, table: BackedUpTable) -> Iterator[Cells]:
        """Yield the rows of a table; raise DamagedBackupError, perhaps at the end."""
        digest, number_of_rows = hashlib.sha256(), 0
        try:
            with self._archive.open(table.member) as member:
                for line in member:
                    digest.update(line)
                    number_of_rows += 1
                    cells = zip(table.columns, json.loads(line), strict=True)
                    yield {
                        column.name: from_json(cell, column.kind)
                        for column, cell in cells
                    }
        except DAMAGE as error:
            self.refuse(f"{table.member} cannot be read: {error}")
        if number_of_rows != table.number_of_rows:
            expected = f"{table.number_of_rows} are listed"
            self.refuse(f"{table.member} has {number_of_rows} rows, {expected}")
        if digest.hexdigest() != table.sha256:
            self.refuse(f"{table.member} does not have the hash that is listed")

    def objects(self) -> Iterator[bytes]:
        """Yield the objects that rows refer to, or raise DamagedBackupError."""
        for described in self.manifest.objects:
            try:
                content = self._archive.read(described.member)
            except DAMAGE as error:
                self.refuse(f"{described.member} cannot be read: {error}")
            if hashlib.sha256(content).hexdigest() != described.sha256:
                self.refuse(f"{described.member} is not what its name says")
            yield content

    def _read_manifest(self) -> BackupManifest:
        try:
            text = self._archive.read(MANIFEST)
            manifest = BackupManifest.model_validate_json(text)
            check_reachable(manifest.revision)
        except (*DAMAGE, ValidationError) as error:
            self.refuse(f"{MANIFEST} cannot be read: {error}")
        except NewerTablesError as error:
            self.refuse(str(error))
        return manifest

    def _check_documents(self, table: BackedUpTable) -> None:
        bases = _bases_in(self.rows(table))
        for row in self.rows(table):
            if not _is_genuine(row, bases):
                name = f"{table.member}: {row['content_hash']}"
                self.refuse(f"{name} does not have the content that its hash names")

    def refuse(self, found: str) -> NoReturn:
        """Raise DamagedBackupError with what was found."""
        raise DamagedBackupError(str(self.path), found, WHOLE) from None


@contextmanager
def opened_backup(path: Path) -> Generator[BackupFile]:
    """Yield a backup that was checked, or raise DamagedBackupError."""
    try:
        archive = ZipFile(path)
    except OSError as error:
        found = error.strerror or type(error).__name__
        raise DamagedBackupError(str(path), found, WHOLE) from None
    except DAMAGE as error:
        raise DamagedBackupError(str(path), str(error), WHOLE) from None
    with archive:
        backup = BackupFile(path, archive)
        backup.check()
        yield backup


def _bases_in(rows: Iterable[Mapping[str, Any]]) -> dict[str, bytes | None]:
    """Return the hashes of documents that are the base of others."""
    return {row[BASE]: None for row in rows if row.get(BASE) is not None}


def _is_genuine(row: Mapping[str, Any], bases: dict[str, bytes | None]) -> bool:
    """Whether the document of a row has its hash; keep the document if it is a base.

    A base comes before the documents that are stored as differences from it.
    """
    try:
        text = zlib.decompress(row["content"])
        if row.get(BASE) is not None:
            text = _onto(bases[row[BASE]], text)
    except (zlib.error, ValueError, TypeError):
        return False
    name = row["content_hash"]
    if name in bases:
        bases[name] = text
    return hashlib.sha256(text).hexdigest() == name


def _onto(base: bytes | None, text: bytes) -> bytes:
    """Return the canonical JSON of a case that is stored as some sections."""
    if base is None:
        msg = "its base is not there"
        raise ValueError(msg)
    sections: dict[str, Any] = json.loads(base) | json.loads(text)
    return canonical_text(sections).encode()
