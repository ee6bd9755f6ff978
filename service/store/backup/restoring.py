"""Fill a store from a backup, completely or not at all.

The tables are created in the revision of the backup, filled, and then migrated. So a
backup of an earlier version is no special case.
"""

from collections.abc import Generator
from contextlib import contextmanager
from itertools import islice

import sqlalchemy as sa
from sqlalchemy.exc import DataError, IntegrityError
from sqlmodel import Session

from service.errors import StoreNotEmptyError
from service.store.address import shown
from service.store.backup.cells import lasting_tables, table_of
from service.store.backup.manifest import BackedUpTable
from service.store.backup.reading import BackupFile
from service.store.database import Database
from service.store.engines import take_time
from service.store.migrating import migrate_here, remake
from service.store.opening import Store

ROWS_AT_A_TIME = 100


@contextmanager
def filled(
    store: Store, backup: BackupFile, *, is_replacing: bool
) -> Generator[Session]:
    """Fill the store, which nothing else may use; commit at the end of the block.

    Raises DamagedBackupError, or StoreNotEmptyError unless is_replacing; the store is
    then as it was.
    """
    with store.database.transaction() as session:
        take_time(session.connection())
        if not is_replacing:
            _check_empty(session, store.database)
        # Before the rows that refer to them. After an error they have no rows.
        for content in backup.objects():
            store.objects.put(content)
        _fill(session, backup)
        yield session


def _check_empty(session: Session, database: Database) -> None:
    for table in lasting_tables():
        if session.connection().execute(sa.select(table).limit(1)).first():
            where, found = shown(database.engine.url), f"has rows in {table.name}"
            expected = "an empty store, or --replace, which deletes what is there"
            raise StoreNotEmptyError(where, found, expected)


def _fill(session: Session, backup: BackupFile) -> None:
    connection = session.connection()
    remake(connection, backup.manifest.revision)
    for table in backup.manifest.tables:
        try:
            _insert(connection, backup, table)
        except (IntegrityError, DataError) as error:
            backup.refuse(f"{table.member} does not fit: {error.orig}")
        if connection.dialect.name == "postgresql":
            _go_on_counting(connection, table)
    _check_rights(connection, backup)
    migrate_here(connection)


def _insert(
    connection: sa.Connection, backup: BackupFile, table: BackedUpTable
) -> None:
    target, rows = table_of(table.name, table.columns), backup.rows(table)
    while some := list(islice(rows, ROWS_AT_A_TIME)):
        connection.execute(sa.insert(target), some)
    count = sa.select(sa.func.count()).select_from(target)
    number_of_rows = connection.execute(count).scalar_one()
    if number_of_rows != table.number_of_rows:
        msg = f"{table.name} has {number_of_rows} rows, not {table.number_of_rows}"
        raise RuntimeError(msg)


def _check_rights(connection: sa.Connection, backup: BackupFile) -> None:
    """Refuse rights to see documents that are not there: only a commit checks them."""
    try:
        if connection.dialect.name == "postgresql":
            connection.execute(sa.text("SET CONSTRAINTS ALL IMMEDIATE"))
            return
        lost = connection.execute(sa.text("PRAGMA foreign_key_check")).first()
    except IntegrityError as error:
        backup.refuse(f"rows do not fit: {error.orig}")
    if lost is not None:
        backup.refuse(f"{lost[0]} has a row that refers to none of {lost[2]}")


def _go_on_counting(connection: sa.Connection, table: BackedUpTable) -> None:
    """Set the sequences of PostgreSQL behind the rows that are there."""
    for column in table.columns:
        if column.kind != "integer":
            continue
        names = {"table": table.name, "column": column.name}
        query = sa.text("SELECT pg_get_serial_sequence(:table, :column)")
        sequence = connection.execute(query, names).scalar_one()
        if sequence is not None:
            target = sa.table(table.name, sa.column(column.name))
            last = sa.func.max(target.c[column.name])
            following = sa.func.coalesce(last, 0) + 1
            is_used = sa.literal(value=False)
            connection.execute(sa.select(sa.func.setval(sequence, following, is_used)))
