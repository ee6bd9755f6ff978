"""Make a backup: all rows of one moment, while servers go on."""

import hashlib
import json
from collections.abc import Iterator
from importlib.metadata import version
from pathlib import Path
from typing import Any, BinaryIO
from zipfile import ZIP_DEFLATED, ZIP_STORED, ZipFile

import sqlalchemy as sa
from sqlmodel import Session

from service.clock import Clock
from service.files.writing import written_whole
from service.store.backup.cells import backed_up, lasting_tables, to_json
from service.store.backup.manifest import (
    FORMAT,
    MANIFEST,
    BackedUpObject,
    BackedUpTable,
    BackupManifest,
)
from service.store.database import Database
from service.store.engines import take_time
from service.store.migrating import check_current
from service.store.objects import Objects
from service.store.referred_objects import referred_objects

# Documents are compressed already: more effort finds little.
COMPRESSION_LEVEL = 1
ROWS_AT_A_TIME = 100


def back_up(
    database: Database, objects: Objects, path: Path, clock: Clock
) -> BackupManifest:
    """Write the store to a file; raise OSError, and leave an earlier file as it was.

    The backup does not have what others commit meanwhile.
    """
    revision = check_current(database)
    with written_whole(path) as file, database.reading() as session:
        take_time(session.connection())
        return _write(session, objects, file, revision, clock)


def _write(
    session: Session, objects: Objects, file: BinaryIO, revision: str, clock: Clock
) -> BackupManifest:
    with ZipFile(file, "w", ZIP_DEFLATED, compresslevel=COMPRESSION_LEVEL) as archive:
        manifest = BackupManifest(
            format=FORMAT,
            version=version("strongroom"),
            revision=revision,
            created_at=clock(),
            tables=tuple(
                _write_table(session, archive, table) for table in lasting_tables()
            ),
            objects=tuple(
                _write_object(objects, archive, name)
                for name in sorted(referred_objects(session))
            ),
        )
        archive.writestr(MANIFEST, manifest.model_dump_json(indent=2))
    return manifest


def _write_table(session: Session, archive: ZipFile, table: sa.Table) -> BackedUpTable:
    described = BackedUpTable(
        name=table.name,
        columns=tuple(backed_up(column) for column in table.columns),
        number_of_rows=0,
        sha256="",
    )
    digest, number_of_rows = hashlib.sha256(), 0
    with archive.open(described.member, "w", force_zip64=True) as member:
        for row in _rows(session, table):
            line = json.dumps([to_json(cell) for cell in row]).encode() + b"\n"
            member.write(line)
            digest.update(line)
            number_of_rows += 1
    found = {"number_of_rows": number_of_rows, "sha256": digest.hexdigest()}
    return described.model_copy(update=found)


def _write_object(objects: Objects, archive: ZipFile, name: str) -> BackedUpObject:
    content = objects.get(name)
    described = BackedUpObject(sha256=name, number_of_bytes=len(content))
    archive.writestr(described.member, content, ZIP_STORED)
    return described


def _rows(session: Session, table: sa.Table) -> Iterator[sa.Row[Any]]:
    query = sa.select(table).order_by(*table.primary_key.columns)
    options = {"yield_per": ROWS_AT_A_TIME}
    return iter(session.connection().execute(query, execution_options=options))
