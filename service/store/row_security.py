"""Row-level security of PostgreSQL, a second line behind the filters of `tenancy`.

Each table with rows of organisations has one policy. A query that goes past the filters
sees what the organisation of its transaction may see; one without a setting nothing.
The database applies no policy to superusers and roles with BYPASSRLS.
"""

import logging
from collections.abc import Mapping

from sqlalchemy import Connection, Table, inspect, text
from sqlmodel import SQLModel

from models.tables import Organisation, Row
from service.store.database import Database
from service.store.tenancy import (
    ACCESS,
    ALL_SETTING,
    ON,
    ORGANISATION_SETTING,
    PARTS,
    owned_tables,
)

logger = logging.getLogger(__name__)

POLICY = "organisation"
# In a query of its own, a setting is read once, not for each row.
_NAMED = f"(SELECT current_setting('{ORGANISATION_SETTING}', true))"
_SEES_ALL = f"(SELECT current_setting('{ALL_SETTING}', true)) = '{ON}'"
PROTECTED = """
SELECT relname FROM pg_class JOIN pg_policy ON polrelid = pg_class.oid
WHERE relnamespace = current_schema()::regnamespace AND polname = :policy
    AND relrowsecurity AND relforcerowsecurity
"""
BYPASSING = """
SELECT rolname FROM pg_roles
WHERE rolname = current_user AND (rolsuper OR rolbypassrls)
"""


def conditions() -> Mapping[str, str]:
    """Return which rows of each table an organisation has, in SQL.

    The tables are those of the registries of `tenancy`; the others are of the store.
    """
    own = {_table(x).name: f"organisation = {_NAMED}" for x in owned_tables()}
    seen = {
        _table(document).name: _refers(_table(access), _table(document))
        for document, access in ACCESS.items()
    }
    parts = {
        _table(part).name: _refers(_table(part), _table(whole), is_part=True)
        for part, whole in PARTS.items()
    }
    listed = {_table(Organisation).name: f"name = {_NAMED}"}
    return {**own, **seen, **parts, **listed}


def protect(connection: Connection) -> None:
    """Give each table that has no policy yet its own; nothing in SQLite."""
    if connection.dialect.name != "postgresql":
        return
    found = connection.execute(text(PROTECTED), {"policy": POLICY})
    protected = set(found.scalars())
    open_tables = {x: y for x, y in conditions().items() if x not in protected}
    if open_tables:
        # A table cannot change while checks of its new rows are due at the commit.
        connection.execute(text("SET CONSTRAINTS ALL IMMEDIATE"))
    for table, condition in open_tables.items():
        connection.execute(text(f"DROP POLICY IF EXISTS {POLICY} ON {table}"))
        rows = f"{_SEES_ALL} OR {condition}"
        connection.execute(text(f"CREATE POLICY {POLICY} ON {table} USING ({rows})"))
        # The owner of the table is bound as well.
        for change in ("ENABLE", "FORCE"):
            connection.execute(text(f"ALTER TABLE {table} {change} ROW LEVEL SECURITY"))


def bypassing_role(database: Database) -> str | None:
    """Return the role of the process if no policy binds it; None in SQLite."""
    if database.engine.dialect.name != "postgresql":
        return None
    with database.reading() as session:
        found = session.connection().execute(text(BYPASSING))
        role: str | None = found.scalar_one_or_none()
        return role


def warn_of_bypass(database: Database) -> None:
    """Log a warning if no policy binds the role of the process."""
    role = bypassing_role(database)
    if role is not None:
        logger.warning(
            "row-level security does not bind the role %s of the database: it is a "
            "superuser or has BYPASSRLS",
            role,
        )


def _table(model: type[SQLModel]) -> Table:
    return Row.metadata.tables[str(inspect(model).local_table)]


def _refers(part: Table, whole: Table, *, is_part: bool = False) -> str:
    """Return whether there is the row that belongs to the other, of the organisation.

    part: the table with the foreign key. Its rows are those asked about if `is_part`,
    else those of `whole`.
    """
    (key,) = (x for x in part.foreign_keys if x.references(whole))
    other = whole if is_part else part
    return (
        f"EXISTS (SELECT FROM {other.name} WHERE {key.target_fullname} = "
        f"{part.name}.{key.parent.name} AND {other.name}.organisation = {_NAMED})"
    )
