"""The objects that rows refer to: tables of evaluations and files of analyses."""

from collections.abc import Mapping

import sqlalchemy as sa
from sqlmodel import Session

from service.store.references import Condition, no_row, table_named

# The column with objects by name, each with sha256 and number_of_bytes, by table.
COLUMNS: Mapping[str, str] = {
    "evaluationdocument": "tables",
    "analysisdocument": "files",
}


def referred_objects(
    session: Session, gone: Mapping[str, Condition] | None = None
) -> Mapping[str, int]:
    """Return the bytes of all objects that rows refer to, by name.

    Rows that fulfil the condition `gone` of their table do not count.
    """
    found: dict[str, int] = {}
    for name, column in COLUMNS.items():
        table = table_named(name)
        is_gone = (gone or {}).get(name, no_row)(table)
        query = sa.select(table.c[column]).where(sa.not_(is_gone))
        for objects in session.connection().execute(query).scalars():
            for described in objects.values():
                found[described["sha256"]] = described["number_of_bytes"]
    return found
