"""Delete old rows and objects while servers and workers go on.

Each transaction deletes some rows and adds entries to the audit log.
"""

import datetime as dt
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

import sqlalchemy as sa
from sqlmodel import Session

from service.clock import Clock
from service.store.audit_log import AuditTrail, Author
from service.store.database import Database
from service.store.engines import take_time
from service.store.objects import Objects
from service.store.references import Condition, references_of_parts, table_named
from service.store.referred_objects import referred_objects
from service.store.retention import CASES, Deletion, Kind

ROWS_AT_A_TIME = 500
WARM_STARTS = "batchlesson"
Key = tuple[Any, ...]


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
    """Delete the old rows of a kind, then those that only these referred to.

    Rights to see them go first, and are not counted.
    """
    if kind.rights is not None:
        _deleted(database, deletion, kind.rights, author, clock)
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
    last: Key | None = None
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
    session: Session, deletion: Deletion, kind: Kind, last: Key | None
) -> list[Key]:
    """Return keys of some old rows, locked: no new row can refer to them."""
    table = table_named(kind.table)
    cells = [table.c[name] for name in kind.key]
    query = sa.select(*cells).where(deletion.condition(kind)(table))
    if last is not None:
        query = query.where(kind.keys(table) > _value(kind, last))
    query = query.order_by(*cells).limit(ROWS_AT_A_TIME)
    query = query.with_for_update(skip_locked=True)
    return [tuple(row) for row in session.connection().execute(query)]


def _value(kind: Kind, key: Key) -> Any:  # noqa: ANN401 - a cell or a row of them
    return key[0] if len(kind.key) == 1 else sa.tuple_(*key)


def _is_one_of(
    kind: Kind, row: sa.FromClause, keys: Sequence[Key]
) -> sa.ColumnElement[bool]:
    values = [key[0] for key in keys] if len(kind.key) == 1 else keys
    return kind.keys(row).in_(values)


def _delete(
    session: Session,
    deletion: Deletion,
    kind: Kind,
    keys: Sequence[Key],
    trail: AuditTrail,
) -> Deleted:
    connection, table = session.connection(), table_named(kind.table)
    # Again: a row may have come to refer to one just before it was locked.
    query = sa.select(_size(table), *(table.c[name] for name in kind.key))
    query = query.where(_is_one_of(kind, table, keys), deletion.condition(kind)(table))
    rows = connection.execute(query).all()
    doomed: list[Key] = [tuple(row[1:]) for row in rows]
    owners = _owners(connection, kind, doomed)
    for part in references_of_parts(kind.table):
        connection.execute(sa.delete(part.table).where(part.in_(x[0] for x in doomed)))
    if kind == CASES.rights:
        # A case that is stored anew must not be solved sooner because others have it.
        warm = table_named(WARM_STARTS)
        whose = sa.tuple_(warm.c.organisation, warm.c.case_hash)
        connection.execute(sa.delete(warm).where(whose.in_(doomed)))
    connection.execute(sa.delete(table).where(_is_one_of(kind, table, doomed)))
    for owner, names in owners.items():
        replace(trail, organisation=owner).add("delete", kind.noun, *names)
    return Deleted(kind.noun, len(rows), sum(row[0] for row in rows))


def _owners(
    connection: sa.Connection, kind: Kind, doomed: Sequence[Key]
) -> Mapping[str, Sequence[str]]:
    """Return the names of the rows by the organisation that has them."""
    if kind.rights is not None:
        # Nobody has a document to which there is no right.
        return {}
    table = table_named(kind.table)
    query = sa.select(table.c.organisation, table.c[kind.name])
    query = query.order_by(*(table.c[name] for name in kind.key))
    query = query.where(_is_one_of(kind, table, doomed))
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
