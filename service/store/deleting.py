"""Delete old rows and objects while servers and workers go on.

Each transaction deletes some rows and adds entries to the audit log.
"""

import datetime as dt
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

import sqlalchemy as sa
from sqlmodel import Session

from service.clock import Clock
from service.store.audit_log import AuditTrail, Author
from service.store.database import Database
from service.store.engines import take_time
from service.store.objects import Objects
from service.store.references import Condition, references_of_parts, table_named
from service.store.referred_objects import referred_objects
from service.store.retention import Deletion, Kind

ROWS_AT_A_TIME = 500


@dataclass(frozen=True, slots=True)
class Deleted:
    """The number of things of a kind, and the bytes of their documents."""

    noun: str
    number: int
    number_of_bytes: int


def would_delete(database: Database, deletion: Deletion) -> tuple[Deleted, ...]:
    """Return what `delete` would delete."""
    with database.reading() as session:
        take_time(session.connection())
        return tuple(_counted(session, deletion, kind) for kind in deletion.kinds)


def delete(
    database: Database, deletion: Deletion, author: Author, clock: Clock
) -> tuple[Deleted, ...]:
    """Delete; return how much of each kind."""
    return tuple(_deleted(database, deletion, x, author, clock) for x in deletion.kinds)


def would_sweep(
    database: Database,
    objects: Objects,
    gone: Mapping[str, Condition],
    now: dt.datetime,
) -> Deleted:
    """Return what `sweep` would delete once those rows of each table are deleted."""
    unneeded = _unneeded(database, objects, gone, now)
    return Deleted("object", len(unneeded), sum(unneeded.values()))


def sweep(database: Database, objects: Objects, now: dt.datetime) -> Deleted:
    """Delete old objects that no row refers to; return how much."""
    unneeded = _unneeded(database, objects, {}, now)
    objects.delete(unneeded, now)
    return Deleted("object", len(unneeded), sum(unneeded.values()))


def _deleted(
    database: Database, deletion: Deletion, kind: Kind, author: Author, clock: Clock
) -> Deleted:
    """Delete the old rows of a kind, then those that only these referred to."""
    number = number_of_bytes = 0
    while True:
        parts = list(_in_parts(database, deletion, kind, author, clock))
        if not any(part.number for part in parts):
            return Deleted(kind.noun, number, number_of_bytes)
        number += sum(part.number for part in parts)
        number_of_bytes += sum(part.number_of_bytes for part in parts)


def _in_parts(
    database: Database, deletion: Deletion, kind: Kind, author: Author, clock: Clock
) -> Iterator[Deleted]:
    """Delete the old rows of a kind in order of the key, some in each transaction."""
    last: object = None
    while True:
        with database.transaction() as session:
            keys = _hold(session, deletion, kind, last)
            if not keys:
                return
            last = keys[-1]
            trail = AuditTrail(session, author, clock())
            deleted = _delete(session, deletion, kind, keys, trail)
        yield deleted


def _hold(
    session: Session, deletion: Deletion, kind: Kind, last: object
) -> list[object]:
    """Return keys of some old rows, locked: no new row can refer to them."""
    table = table_named(kind.table)
    key = table.c[kind.key]
    query = sa.select(key).where(deletion.condition(kind)(table))
    if last is not None:
        query = query.where(key > last)
    query = query.order_by(key).limit(ROWS_AT_A_TIME).with_for_update(skip_locked=True)
    return list(session.connection().execute(query).scalars())


def _delete(
    session: Session,
    deletion: Deletion,
    kind: Kind,
    keys: Sequence[object],
    trail: AuditTrail,
) -> Deleted:
    connection, table = session.connection(), table_named(kind.table)
    key = table.c[kind.key]
    # Again: a row may have come to refer to one just before it was locked.
    query = sa.select(key, _size(table))
    query = query.where(key.in_(keys), deletion.condition(kind)(table))
    rows = connection.execute(query).all()
    doomed = [row[0] for row in rows]
    owners = _owners(connection, kind, doomed)
    for part in references_of_parts(kind.table):
        connection.execute(sa.delete(part.table).where(part.in_(doomed)))
    connection.execute(sa.delete(table).where(key.in_(doomed)))
    for owner, names in owners.items():
        replace(trail, organisation=owner).add("delete", kind.noun, *names)
    return Deleted(kind.noun, len(rows), sum(row[1] for row in rows))


def _owners(
    connection: sa.Connection, kind: Kind, doomed: Sequence[object]
) -> Mapping[str, Sequence[str]]:
    """Return the names of the rows by the organisation that has them."""
    table = table_named(kind.access or kind.table)
    key = table.c[kind.key]
    query = sa.select(table.c.organisation, table.c[kind.name]).order_by(key)
    query = query.where(key.in_(doomed))
    owners: dict[str, list[str]] = {}
    for owner, owned in connection.execute(query):
        owners.setdefault(owner, []).append(owned)
    return owners


def _counted(session: Session, deletion: Deletion, kind: Kind) -> Deleted:
    table = table_named(kind.table)
    query = sa.select(sa.func.count(), sa.func.coalesce(sa.func.sum(_size(table)), 0))
    query = query.select_from(table).where(deletion.foreseen(kind)(table))
    number, number_of_bytes = session.connection().execute(query).one()
    return Deleted(kind.noun, number, int(number_of_bytes))


def _size(table: sa.Table) -> sa.ColumnElement[int]:
    """Return the bytes of the document of a row; 0 if the table has none."""
    if "content" not in table.c:
        return sa.literal(0)
    return sa.func.length(table.c.content)


def _unneeded(
    database: Database,
    objects: Objects,
    gone: Mapping[str, Condition],
    now: dt.datetime,
) -> dict[str, int]:
    # First the objects, then the references: an object stored in between is young.
    there = dict(objects.old(now))
    with database.reading() as session:
        needed = referred_objects(session, gone)
    return {name: size for name, size in there.items() if name not in needed}
