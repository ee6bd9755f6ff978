"""Whether any row refers to a row, read from the foreign keys.

So what a later table refers to is kept without a change here.
"""

from collections.abc import Callable, Iterator, Mapping
from typing import Any

import sqlalchemy as sa

from models.tables import Row

# From a table, or an alias of it, to a condition on its row.
Condition = Callable[[sa.FromClause], sa.ColumnElement[bool]]
# Lines of a log and parts of an answer are part of their job, variants of their batch,
# and warm starts of their case: they are deleted with it and do not keep it.
PARTS: Mapping[str, str] = {
    "progressline": "job",
    "foundpart": "job",
    "batchvariant": "batch",
    "webhookdelivery": "webhook",
    "batchlesson": "casedocument",
}
# Rights to see a document keep it. An organisation has each as long as a row of its own
# refers to the document, whatever others refer to.
RIGHTS: Mapping[str, str] = {
    "casedocument": "caseaccess",
    "plandocument": "planaccess",
    "evaluationdocument": "evaluationaccess",
    "analysisdocument": "analysisaccess",
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
    found = (
        sa.exists().where(
            source.c[key.parent.name] == target.c[key.column.name],
            sa.not_(gone.get(key.parent.table.name, no_row)(source)),
        )
        for key, source in _references_to(name)
    )
    return sa.or_(sa.false(), *found)


def is_in_use(
    document: str, right: sa.FromClause, gone: Mapping[str, Condition]
) -> sa.ColumnElement[bool]:
    """Return whether the owner of a right has a row that refers to its document.

    document: its table. Rows that fulfil the condition `gone` of their table do not
    count. An organisation has the documents that it may see.
    """
    found: list[sa.ColumnElement[bool]] = []
    for key, source in _references_to(document):
        table = key.parent.table.name
        if table == RIGHTS[document]:
            continue
        refers = source.c[key.parent.name] == right.c.content_hash
        owned, owner = source, RIGHTS.get(table, table)
        if owner != table:
            owned = table_named(owner).alias()
            refers &= owned.c.content_hash == source.c.content_hash
        is_own = owned.c.organisation == right.c.organisation
        is_gone = gone.get(owner, no_row)(owned)
        found.append(sa.exists().where(refers, is_own, sa.not_(is_gone)))
    return sa.or_(sa.false(), *found)


def _references_to(name: str) -> Iterator[tuple[sa.ForeignKey, sa.FromClause]]:
    """Yield the keys by which rows refer to a table and keep its rows, with aliases."""
    for table in Row.metadata.sorted_tables:
        if PARTS.get(table.name) == name:
            continue
        for key in table.foreign_keys:
            if key.column.table.name == name:
                yield key, table.alias()


def no_row(_row: sa.FromClause) -> sa.ColumnElement[bool]:
    """Return the condition that no row fulfils."""
    return sa.false()
