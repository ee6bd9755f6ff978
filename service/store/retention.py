"""Which rows a deletion deletes: old ones that no other row refers to.

An organisation loses the right to see a document by what it has itself; the document
goes once nobody has a right to it. Otherwise what is left would tell of others.

A job that waits or runs is never deleted, nor is its batch.
"""

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa

from service.clock import Clock
from service.store.references import (
    RIGHTS,
    Condition,
    is_in_use,
    is_referred_to,
    no_row,
    references_of_parts,
    table_named,
)
from service.store.state_changes import ENDED

# The process of a job that was cancelled may still write for some seconds.
STILL_WRITTEN = dt.timedelta(minutes=1)


@dataclass(frozen=True, slots=True)
class Kind:
    """A kind of thing that can be deleted: its table, its key and its public name.

    rights: the rights to see a document, which go before it.
    document: the table of what it is a right to see, if it is one.
    """

    noun: str
    table: str
    key: tuple[str, ...]
    name: str
    rights: "Kind | None" = None
    document: str | None = None

    def keys(self, row: sa.FromClause) -> sa.ColumnElement[Any]:
        """Return the key of a row."""
        cells = [row.c[name] for name in self.key]
        return cells[0] if len(cells) == 1 else sa.tuple_(*cells)


def _documents(noun: str, table: str) -> Kind:
    key = "content_hash"
    whose = ("organisation", key)
    rights = Kind(noun, RIGHTS[table], whose, key, document=table)
    return Kind(noun, table, (key,), key, rights)


BATCHES = Kind("batch", "batch", ("sequence",), "id")
JOBS = Kind("job", "job", ("sequence",), "id")
EVALUATIONS = _documents("evaluation", "evaluationdocument")
ANALYSES = _documents("analysis", "analysisdocument")
PLANS = _documents("plan", "plandocument")
CASES = _documents("case", "casedocument")
HOLDERS = (EVALUATIONS, ANALYSES)  # of objects


@dataclass(frozen=True, slots=True)
class Deletion:
    """Jobs that ended before an instant, and unused documents stored before it."""

    before: dt.datetime
    keeps_plans: bool = False

    @property
    def kinds(self) -> tuple[Kind, ...]:
        """Kinds that are deleted; rows that refer come before rows they refer to."""
        plans = () if self.keeps_plans else (*HOLDERS, PLANS)
        return (BATCHES, JOBS, *plans, CASES)

    def condition(self, kind: Kind) -> Condition:
        """Return the condition of rows of a kind to delete now."""
        return self._going(kind, {})

    def foreseen(self, kind: Kind) -> Condition:
        """Return the condition of rows to delete once earlier kinds are deleted."""
        if kind not in self.kinds:
            return no_row
        gone: dict[str, Condition] = {}
        for other in self.kinds:
            for each in (other.rights, other):
                if each == kind:
                    break
                if each is not None:
                    goes = _listed(each, self._going_with_its_own(each, gone))
                    gone |= {each.table: goes, **_parts_of(each, goes)}
            if other == kind:
                break
        return self._going_with_its_own(kind, gone)

    def _going_with_its_own(
        self, kind: Kind, gone: Mapping[str, Condition]
    ) -> Condition:
        """Return the condition that counts references from deleted rows as none."""
        goes = _listed(kind, self._going(kind, gone))
        return self._going(kind, {**gone, kind.table: goes})

    def _going(self, kind: Kind, gone: Mapping[str, Condition]) -> Condition:
        def goes(row: sa.FromClause) -> sa.ColumnElement[bool]:
            if kind.document is None:
                is_held = is_referred_to(kind.table, row, gone)
            else:
                is_held = is_in_use(kind.document, row, gone)
            return sa.and_(self._is_old(kind, row), sa.not_(is_held))

        return goes

    def _is_old(self, kind: Kind, row: sa.FromClause) -> sa.ColumnElement[bool]:
        if kind is JOBS:
            return self._has_ended(row)
        is_old = row.c.created_at < self.before
        if kind is BATCHES:
            return sa.and_(is_old, sa.not_(self._goes_on(row)))
        return is_old

    def _has_ended(self, job: sa.FromClause) -> sa.ColumnElement[bool]:
        return sa.and_(job.c.state.in_(ENDED), job.c.finished_at < self.before)

    def _goes_on(self, batch: sa.FromClause) -> sa.ColumnElement[bool]:
        """Return whether a job of the batch had not ended at the instant."""
        variant, job = table_named("batchvariant").alias(), table_named("job").alias()
        return sa.exists().where(
            variant.c.batch_sequence == batch.c.sequence,
            job.c.sequence == variant.c.job_sequence,
            sa.not_(self._has_ended(job)),
        )


def _listed(kind: Kind, goes: Condition) -> Condition:
    """Return the same condition, evaluated once for all rows and not for each."""
    table = table_named(kind.table).alias()
    cells = [table.c[name] for name in kind.key]
    keys = sa.select(*cells).where(goes(table)).cte()
    return lambda row: kind.keys(row).in_(sa.select(*(keys.c[x] for x in kind.key)))


def _parts_of(kind: Kind, goes: Condition) -> dict[str, Condition]:
    """Return the conditions of parts that are deleted with their kind, by table."""
    whole = table_named(kind.table).alias()
    keys = sa.select(*(whole.c[x] for x in kind.key)).where(goes(whole))

    def go_by(reference: sa.Column[Any]) -> Condition:
        return lambda row: row.c[reference.name].in_(keys)

    return {x.table.name: go_by(x) for x in references_of_parts(kind.table)}


def settled(before: dt.datetime, clock: Clock) -> dt.datetime:
    """Return that instant, or the latest one that no process still writes about."""
    return min(before, clock() - STILL_WRITTEN)
