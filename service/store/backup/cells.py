"""Cells of any table as JSON, and back."""

import base64
import datetime as dt
import enum
from collections.abc import Mapping
from typing import Any

import sqlalchemy as sa
from sqlmodel import AutoString

from models.tables import Row
from models.tables.row import UtcDateTime
from service.store.backup.manifest import BackedUpColumn, Kind

# The first match counts; a type that is missing here is refused, not guessed.
KINDS: tuple[tuple[type[sa.types.TypeEngine[Any]], Kind], ...] = (
    (UtcDateTime, "instant"),
    (sa.LargeBinary, "bytes"),
    (sa.JSON, "json"),
    (sa.Boolean, "boolean"),
    (sa.Integer, "integer"),
    (sa.Float, "number"),
    (sa.String, "text"),
    (AutoString, "text"),
)
TYPES: Mapping[Kind, sa.types.TypeEngine[Any]] = {
    "instant": UtcDateTime(),
    "bytes": sa.LargeBinary(),
    # A missing value is NULL, not the JSON null.
    "json": sa.JSON(none_as_null=True),
    "boolean": sa.Boolean(),
    "integer": sa.Integer(),
    "number": sa.Float(),
    "text": sa.String(),
}


# They describe running processes, which another store does not have; and what these
# have still to send, which nobody wants twice, or from a copy.
PASSING = frozenset({"worker", "webhookdelivery"})


def lasting_tables() -> list[sa.Table]:
    """Return the tables that a backup has, in the order in which they can be filled."""
    return [x for x in Row.metadata.sorted_tables if x.name not in PASSING]


def backed_up(column: sa.Column[Any]) -> BackedUpColumn:
    """Return how a column is written; raise TypeError if its type is unknown."""
    for known, kind in KINDS:
        if isinstance(column.type, known):
            return BackedUpColumn(name=column.name, kind=kind)
    msg = f"{column} is {column.type!r}, expected a type with a kind of cell"
    raise TypeError(msg)


def table_of(name: str, columns: tuple[BackedUpColumn, ...]) -> sa.TableClause:
    """Return a table to fill, whatever the table classes of today say of it."""
    return sa.table(name, *(sa.column(x.name, TYPES[x.kind]) for x in columns))


def to_json(cell: object) -> object:
    """Return a cell as JSON has it."""
    match cell:
        case bytes():
            return base64.b64encode(cell).decode()
        case dt.datetime():
            return cell.isoformat()
        case enum.Enum():
            return cell.name
        case _:
            return cell


def from_json(cell: Any, kind: Kind) -> object:  # noqa: ANN401 - JSON has any value
    """Return a cell again; raise ValueError or TypeError if it is none."""
    if cell is None:
        return None
    match kind:
        case "bytes":
            return base64.b64decode(cell, validate=True)
        case "instant":
            return dt.datetime.fromisoformat(cell)
        case _:
            return cell
