"""Portions of analyses in the store, and the parts that they have found.

The analysis that a portion belongs to is its whole. It waits while a portion is QUEUED
or RUNNING. Who locks both locks the whole first.
"""

import datetime as dt
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass

from sqlalchemy import ColumnElement, delete, exists
from sqlalchemy.orm import aliased
from sqlmodel import Session, col, select

from models.tables import FoundPart, Job, JobKind, JobState
from service.store.concurrency import add_missing

UNFINISHED = (JobState.QUEUED, JobState.RUNNING)


def waits_for_portions() -> ColumnElement[bool]:
    """Return whether a job of the query has portions that have not ended."""
    portion = aliased(Job)
    return exists().where(
        col(portion.portion_of) == col(Job.id), col(portion.state).in_(UNFINISHED)
    )


@dataclass(frozen=True, slots=True)
class PortionRepository:
    """Queries on portions and parts, within the transaction of `session`."""

    session: Session

    def unfinished(self, whole: Job) -> Sequence[Job]:
        """Return the portions of a job that have not ended, locked, in their order."""
        query = (
            select(Job)
            .where(Job.portion_of == whole.id)
            .where(col(Job.state).in_(UNFINISHED))
            .order_by(col(Job.sequence))
            .with_for_update(key_share=True)
            .execution_options(populate_existing=True)
        )
        return self.session.exec(query).all()

    def keep(
        self, job: Job, parts: Mapping[int, str], *, with_: str, at: dt.datetime
    ) -> None:
        """Store parts of the answer of a job, by number, unless they are there."""
        place = {"job_sequence": job.sequence, "found_with": with_, "found_at": at}
        rows = [{**place, "number": x, "content": parts[x]} for x in parts]
        add_missing(self.session, FoundPart, ("job_sequence", "number"), rows)

    def contents(self, job: Job) -> Sequence[str]:
        """Return the parts of the answer of a job that have been found, in order."""
        query = select(FoundPart.content).where(FoundPart.job_sequence == job.sequence)
        return self.session.exec(query.order_by(col(FoundPart.number))).all()

    def numbers(self, job: Job) -> Collection[int]:
        """Return the numbers of these parts."""
        query = select(FoundPart.number).where(FoundPart.job_sequence == job.sequence)
        return set(self.session.exec(query).all())

    def forget(self, job: Job) -> None:
        """Delete the parts of a job, whose answer has them all."""
        own = col(FoundPart.job_sequence) == job.sequence
        self.session.connection().execute(delete(FoundPart).where(own))

    def begun_before(self, job: Job, *, with_: str) -> Job | None:
        """Return the latest earlier job of the same order that has found parts."""
        found = exists().where(
            col(FoundPart.job_sequence) == col(Job.sequence),
            col(FoundPart.found_with) == with_,
        )
        query = (
            select(Job)
            .where(Job.kind == JobKind.ANALYSIS)
            .where(Job.solved_case_hash == job.solved_case_hash)
            .where(Job.order_fingerprint == job.order_fingerprint)
            .where(col(Job.sequence) < job.sequence)
            .where(found)
            .order_by(col(Job.sequence).desc())
            .limit(1)
        )
        # Neither it nor its parts can be deleted in this transaction.
        return self.session.exec(query.with_for_update(read=True)).first()

    def take_over(self, job: Job, earlier: Job, *, with_: str, at: dt.datetime) -> None:
        """Give a job the parts that an earlier one has found with this version."""
        query = select(FoundPart.number, FoundPart.content).where(
            FoundPart.job_sequence == earlier.sequence, FoundPart.found_with == with_
        )
        self.keep(job, dict(self.session.exec(query).all()), with_=with_, at=at)
