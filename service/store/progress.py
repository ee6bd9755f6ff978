"""The logs of jobs."""

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from sqlmodel import Session, col, func, select, tuple_

from models.outcome import ProgressRecord
from models.tables import Job, ProgressLine


@dataclass(frozen=True, slots=True)
class ProgressRepository:
    """Queries on progress, within the transaction of `session`."""

    session: Session

    def append(
        self, job: Job, records: Sequence[ProgressRecord], *, at: dt.datetime
    ) -> None:
        """Add records to the log of a job, in order."""
        place = job.sequence or 0
        query = select(func.max(ProgressLine.number))
        last = self.session.exec(query.where(ProgressLine.job_sequence == place)).one()
        for number, record in enumerate(records, start=(last or 0) + 1):
            self.session.add(
                ProgressLine(
                    job_sequence=place,
                    number=number,
                    attempt=job.attempt,
                    recorded_at=at,
                    record=record.model_dump(mode="json"),
                )
            )

    def page(self, job: Job, *, after: int, limit: int) -> Sequence[ProgressLine]:
        """Return up to `limit` lines of a job's log with numbers above `after`."""
        query = (
            select(ProgressLine)
            .where(ProgressLine.job_sequence == job.sequence)
            .where(ProgressLine.number > after)
            .order_by(col(ProgressLine.number))
            .limit(limit)
        )
        return self.session.exec(query).all()

    def latest(self, jobs: Sequence[Job]) -> Mapping[int, ProgressLine]:
        """Return the last line of each job that has one, by job sequence."""
        last = (
            select(ProgressLine.job_sequence, func.max(ProgressLine.number))
            .where(col(ProgressLine.job_sequence).in_([job.sequence for job in jobs]))
            .group_by(col(ProgressLine.job_sequence))
        )
        key = tuple_(col(ProgressLine.job_sequence), col(ProgressLine.number))
        lines = self.session.exec(select(ProgressLine).where(key.in_(last))).all()
        return {line.job_sequence: line for line in lines}
