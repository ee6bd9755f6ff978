"""What is old and needed no more: which rows these are.

A job that waits or runs is never among them, nor what anybody refers to.
"""

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass

import sqlalchemy as sa

from models.tables import JobState
from service.clock import Clock
from service.store.references import Condition, is_referred_to, no_row

# The process of a job that was cancelled may still write for some seconds.
STILL_WRITTEN = dt.timedelta(minutes=1)
ENDED = (JobState.SUCCEEDED, JobState.FAILED, JobState.CANCELLED)


@dataclass(frozen=True, slots=True)
class Kind:
    """A kind of thing that can be deleted: its table, its key and its public name."""

    noun: str
    table: str
    key: str
    name: str


JOBS = Kind("job", "job", "sequence", "id")
EVALUATIONS = Kind("evaluation", "evaluationdocument", "content_hash", "content_hash")
PLANS = Kind("plan", "plandocument", "content_hash", "content_hash")
CASES = Kind("case", "casedocument", "content_hash", "content_hash")


@dataclass(frozen=True, slots=True)
class Deletion:
    """What ended, or was stored and is unused, before an instant."""

    before: dt.datetime
    keeps_plans: bool = False

    @property
    def kinds(self) -> tuple[Kind, ...]:
        """Kinds that are deleted, what refers before what is referred to."""
        plans = () if self.keeps_plans else (EVALUATIONS, PLANS)
        return (JOBS, *plans, CASES)

    def condition(self, kind: Kind) -> Condition:
        """Return which rows of a kind go, as things are."""
        return self._going(kind, {})

    def foreseen(self, kind: Kind) -> Condition:
        """Return which rows of a kind will go, once those before it are gone."""
        if kind not in self.kinds:
            return no_row
        earlier = self.kinds[: self.kinds.index(kind)]
        gone = {other.table: self.foreseen(other) for other in earlier}
        # What only those of its own kind refer to that go goes with them.
        gone[kind.table] = self._going(kind, dict(gone))
        return self._going(kind, gone)

    def _going(self, kind: Kind, gone: Mapping[str, Condition]) -> Condition:
        def goes(row: sa.FromClause) -> sa.ColumnElement[bool]:
            is_held = is_referred_to(kind.table, row, gone)
            return sa.and_(self._is_old(kind, row), sa.not_(is_held))

        return goes

    def _is_old(self, kind: Kind, row: sa.FromClause) -> sa.ColumnElement[bool]:
        if kind is JOBS:
            return sa.and_(row.c.state.in_(ENDED), row.c.finished_at < self.before)
        return row.c.created_at < self.before


def settled(before: dt.datetime, clock: Clock) -> dt.datetime:
    """Return that instant, or the latest one of which no process writes any more."""
    return min(before, clock() - STILL_WRITTEN)
