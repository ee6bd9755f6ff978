"""Statistics of all jobs of the store, for monitoring.

They are computed from the rows each time, so every server gives the same answer, and a
restart loses nothing.
"""

import datetime as dt
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, case, extract, null
from sqlalchemy import select as select_columns
from sqlmodel import Session, col, func, select

from models.failure import FailureKind
from models.tables import Job, JobKind, JobState

SECONDS_A_DAY = 86_400
# No solver distinguishes bounds that differ by less, as in `optimizer.gap`.
SMALLEST_COST_USD = 1e-3
WAITING_BOUNDS_S = (0.1, 0.5, 1.0, 2.0, 5.0, 15.0, 60.0, 300.0, 900.0, 3600.0)
SOLVING_BOUNDS_S = (0.5, 1.0, 2.0, 5.0, 15.0, 60.0, 300.0, 900.0, 1800.0, 3600.0)
GAP_BOUNDS = (0.0, 0.001, 0.002, 0.005, 0.01, 0.02, 0.05, 0.1, 0.2, 0.5)

Seconds = ColumnElement[float]


@dataclass(frozen=True, slots=True)
class Distribution:
    """Values of some jobs: number, sum, and number up to each bound."""

    number: int
    total: float
    at_most: tuple[tuple[float, int], ...]


@dataclass(frozen=True, slots=True)
class Ended:
    """Jobs that ended in one state. Times are in seconds; a gap is relative.

    waiting_s is from the order to the start of the last attempt, solving_s from there
    to the end. Jobs that never started have neither. Evaluations and solves without a
    plan have no gap.
    """

    number: int
    waiting_s: Distribution
    solving_s: Distribution
    gap: Distribution


@dataclass(frozen=True, slots=True)
class StatisticsRepository:
    """Counts over jobs, within the transaction of `session`."""

    session: Session

    def unended(self) -> Mapping[tuple[JobState, int], int]:
        """Return the number of jobs that have not ended, by state and priority."""
        query = select(col(Job.state), col(Job.priority), func.count())
        query = query.where(col(Job.finished_at).is_(None))
        query = query.group_by(col(Job.state), col(Job.priority))
        return {(state, at): number for state, at, number in self.session.exec(query)}

    def ended(self) -> Mapping[tuple[JobState, JobKind], Ended]:
        """Return statistics of the jobs that ended, by state and kind."""
        measures = (
            (self._seconds(Job.created_at, Job.started_at), WAITING_BOUNDS_S),
            (self._seconds(Job.started_at, Job.finished_at), SOLVING_BOUNDS_S),
            (_gap(), GAP_BOUNDS),
        )
        counted = [x for value, bounds in measures for x in _counted(value, bounds)]
        by = (col(Job.state), col(Job.kind))
        query = select_columns(*by, func.count(), *counted)
        query = query.where(col(Job.finished_at).is_not(None)).group_by(*by)
        found: dict[tuple[JobState, JobKind], Ended] = {}
        for row in self.session.connection().execute(query):
            values = iter(row)
            state, kind, number = next(values), next(values), next(values)
            parts = [_distribution(values, bounds) for _, bounds in measures]
            found[state, JobKind(kind)] = Ended(number, *parts)
        return found

    def failures(self) -> Mapping[FailureKind, int]:
        """Return the number of failed jobs by kind, 0 included.

        What a worker of another version wrote without a known kind is OTHER.
        """
        query = select(col(Job.failure_kind), func.count())
        query = query.where(Job.state == JobState.FAILED)
        counted = Counter(dict.fromkeys(FailureKind, 0))
        for kind, number in self.session.exec(query.group_by(col(Job.failure_kind))):
            is_known = kind in set(FailureKind)
            counted[FailureKind(kind) if is_known else FailureKind.OTHER] += number
        return counted

    def oldest_queued_since(self) -> dt.datetime | None:
        """Return when the oldest QUEUED job was ordered, if there is one."""
        query = select(func.min(Job.created_at)).where(Job.state == JobState.QUEUED)
        return self.session.exec(query).one()

    def _seconds(self, begin: Any, end: Any) -> Seconds:  # noqa: ANN401 - columns
        if self.session.get_bind().dialect.name == "sqlite":
            days = func.julianday(end) - func.julianday(begin)
            seconds: Any = func.round(days * SECONDS_A_DAY, 3)
        else:
            seconds = extract("epoch", end - begin)
        # Clocks of two machines differ: a negative time counts as 0.
        return case((seconds < 0, 0.0), else_=seconds)


def _gap() -> ColumnElement[float | None]:
    """Return the proven gap of the plan of a job that SUCCEEDED."""
    upper, lower = (
        col(Job.incumbent_upper_bound_usd),
        col(Job.incumbent_lower_bound_usd),
    )
    apart = upper - lower
    size = case(
        (func.abs(upper) > SMALLEST_COST_USD, func.abs(upper)), else_=SMALLEST_COST_USD
    )
    return case(
        (col(Job.plan_hash).is_(None), null()),
        (apart <= SMALLEST_COST_USD, 0.0),
        else_=apart / size,
    )


def _counted(value: Any, bounds: Sequence[float]) -> list[Any]:  # noqa: ANN401
    """Return the columns that `_distribution` reads."""
    at_most = [func.count(case((value <= bound, 1))) for bound in bounds]
    return [func.count(value), func.coalesce(func.sum(value), 0.0), *at_most]


def _distribution(values: Iterator[Any], bounds: Sequence[float]) -> Distribution:
    number, total = next(values), float(next(values))
    return Distribution(number, total, tuple((bound, next(values)) for bound in bounds))
