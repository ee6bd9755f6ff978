"""The manifest of a backup: its tables and objects, with counts and hashes.

A backup is a zip: a member for each table with a JSON array in each line, one for each
object, and the manifest, which is written last. The manifest has the kinds of cells, so
that a backup can be read after the table classes have changed.
"""

import datetime as dt
from typing import Literal

from pydantic import Field

from models.record import Record

FORMAT = 1
MANIFEST = "manifest.json"

Kind = Literal["boolean", "bytes", "instant", "integer", "json", "number", "text"]


class BackedUpColumn(Record):
    """A column, and how its cells are written."""

    name: str
    kind: Kind


class BackedUpTable(Record):
    """A table, in the order in which tables can be filled."""

    name: str
    columns: tuple[BackedUpColumn, ...]
    number_of_rows: int = Field(ge=0)
    sha256: str = Field(description="Of the lines of its member.")

    @property
    def member(self) -> str:
        """Name of the file in the zip."""
        return f"tables/{self.name}.jsonl"


class BackedUpObject(Record):
    """An object that a row refers to."""

    sha256: str
    number_of_bytes: int = Field(ge=0)

    @property
    def member(self) -> str:
        """Name of the file in the zip."""
        return f"objects/{self.sha256}"


class BackupManifest(Record):
    """What is in a backup."""

    format: Literal[1] = Field(description="Of the file; another one is not read.")
    version: str = Field(description="Of Strongroom that made it.")
    revision: str = Field(description="Of the tables.")
    created_at: dt.datetime = Field(description="When the state was seen, UTC.")
    tables: tuple[BackedUpTable, ...]
    objects: tuple[BackedUpObject, ...] = ()
