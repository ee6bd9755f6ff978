"""Jobs in the store."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from sqlmodel import Session, col, func, select

from models.tables import Job, JobState
from service.errors import JobNotFoundError


@dataclass(frozen=True, slots=True)
class JobRepository:
    """Queries on jobs, within the transaction of `session`."""

    session: Session

    def add(self, job: Job) -> None:
        """Store a new job; it gets its place in the order of arrival."""
        self.session.add(job)
        self.session.flush()

    def get(self, job_id: str) -> Job:
        """Return a job, or raise JobNotFoundError."""
        job = self.session.exec(select(Job).where(Job.id == job_id)).one_or_none()
        if job is None:
            raise JobNotFoundError(job_id)
        return job

    def by_idempotency_key(self, key: str) -> Job | None:
        """Return the job that was submitted under this key, if there is one."""
        query = select(Job).where(Job.idempotency_key == key)
        return self.session.exec(query).one_or_none()

    def oldest_queued(self) -> Job | None:
        """Return the job that is next, if one waits."""
        query = select(Job).where(Job.state == JobState.QUEUED)
        return self.session.exec(query.order_by(col(Job.sequence)).limit(1)).first()

    def running(self) -> Sequence[Job]:
        """Return every job that is RUNNING."""
        return self.session.exec(select(Job).where(Job.state == JobState.RUNNING)).all()

    def page(
        self, *, state: JobState | None, before: int | None, limit: int
    ) -> Sequence[Job]:
        """Return up to `limit` jobs, latest first, before that position."""
        query = select(Job)
        if state is not None:
            query = query.where(Job.state == state)
        if before is not None:
            query = query.where(col(Job.sequence) < before)
        query = query.order_by(col(Job.sequence).desc()).limit(limit)
        return self.session.exec(query).all()

    def number_by_state(self) -> Mapping[JobState, int]:
        """Return how many jobs stand where; 0 included."""
        query = select(Job.state, func.count()).group_by(col(Job.state))
        counted = dict(self.session.exec(query).all())
        return {state: counted.get(state, 0) for state in JobState}
