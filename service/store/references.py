"""Whether any row refers to a row, read from the foreign keys.

So what a later table refers to is kept without a change here.
"""

from collections.abc import Callable, Iterator, Mapping
from typing import Any

import sqlalchemy as sa

from models.tables import Row

# From a table, or an alias of it, to a condition on its row.
Condition = Callable[[sa.FromClause], sa.ColumnElement[bool]]
# Lines of a log are part of their job, variants of their batch, warm starts of their
# case, and rights to see a document of it: they are deleted with it and do not keep it.
PARTS: Mapping[str, str] = {
    "progressline": "job",
    "batchvariant": "batch",
    "webhookdelivery": "webhook",
    "batchlesson": "casedocument",
    "caseaccess": "casedocument",
    "planaccess": "plandocument",
    "evaluationaccess": "evaluationdocument",
    "analysisaccess": "analysisdocument",
}


def table_named(name: str) -> sa.Table:
    """Return one of our tables."""
    return Row.metadata.tables[name]


def references_of_parts(whole: str) -> Iterator[sa.Column[Any]]:
    """Yield the columns by which the parts of a table refer to it."""
    for part in (name for name, of in PARTS.items() if of == whole):
        for reference in table_named(part).foreign_keys:
            if reference.column.table.name == whole:
                yield reference.parent


def is_referred_to(
    name: str, target: sa.FromClause, gone: Mapping[str, Condition]
) -> sa.ColumnElement[bool]:
    """Return whether any row refers to that of `target`, a table or alias of `name`.

    Rows that fulfil the condition `gone` of their table do not count.
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
    """Return the condition that no row fulfils."""
    return sa.false()
