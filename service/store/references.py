"""Whether anything refers to a row, read off the foreign keys.

So what the rows of a later table refer to is kept before anybody thinks of it.
"""

from collections.abc import Callable, Iterator, Mapping
from typing import Any

import sqlalchemy as sa

from models.tables import Row

# Of a row of that table, or of an alias of it.
Condition = Callable[[sa.FromClause], sa.ColumnElement[bool]]
# Lines of a log are part of their job, variants of their batch, and warm starts of
# their case: they are deleted with it and do not keep it.
PARTS: Mapping[str, str] = {
    "progressline": "job",
    "batchvariant": "batch",
    "batchlesson": "casedocument",
}


def table_named(name: str) -> sa.Table:
    """Return a table of ours."""
    return Row.metadata.tables[name]


def references_of_parts(whole: str) -> Iterator[sa.Column[Any]]:
    """Yield the columns by which parts name the thing that they are part of."""
    for part in (name for name, of in PARTS.items() if of == whole):
        for reference in table_named(part).foreign_keys:
            if reference.column.table.name == whole:
                yield reference.parent


def is_referred_to(
    name: str, target: sa.FromClause, gone: Mapping[str, Condition]
) -> sa.ColumnElement[bool]:
    """Return whether any row refers to that of target, the table of that name.

    Rows of which gone says so, by table, do not count.
    """
    found: list[sa.ColumnElement[bool]] = []
    for table in Row.metadata.sorted_tables:
        if PARTS.get(table.name) == name:
            continue
        for key in table.foreign_keys:
            if key.column.table.name == name:
                source = table.alias()
                refers = source.c[key.parent.name] == target.c[key.column.name]
                is_gone = gone.get(table.name, no_row)(source)
                found.append(sa.exists().where(refers, sa.not_(is_gone)))
    return sa.or_(sa.false(), *found)


def no_row(_row: sa.FromClause) -> sa.ColumnElement[bool]:
    """Say of no row that it is gone."""
    return sa.false()
