"""Jobs in the store."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any

from sqlalchemy import exists, insert
from sqlalchemy.exc import IntegrityError
from sqlmodel import Session, col, func, or_, select
from sqlmodel.sql.expression import SelectOfScalar

from models.tables import Batch, BatchVariant, Job, JobKind, JobState
from service.errors import JobNotFoundError
from service.store.concurrency import add
from service.store.state_changes import note_new_jobs
from service.telemetry.request_ids import current_request_id

# Whether the job is one of a batch that is paused.
_IS_PAUSED = exists().where(
    col(BatchVariant.job_sequence) == col(Job.sequence),
    col(BatchVariant.batch_sequence) == col(Batch.sequence),
    col(Batch.is_paused),
)


@dataclass(frozen=True, slots=True)
class JobRepository:
    """Queries on jobs, within the transaction of `session`."""

    session: Session

    def add(self, job: Job) -> Job:
        """Store a new job; it gets its place in the order of arrival.

        Return it, or the job that somebody else stored under its key at that moment.
        """
        try:
            add(self.session, job)
        except IntegrityError:
            earlier = self.by_idempotency_key(job.idempotency_key or "")
            if earlier is None:
                raise
            return earlier
        return job

    def add_all(self, jobs: Sequence[Mapping[str, Any]]) -> Sequence[int]:
        """Store new jobs, by field, in their order of arrival; return their places.

        As rows: ten thousand objects would take seconds more.
        """
        if not jobs:
            return []
        own = {**_default_fields(), "request_id": current_request_id()}
        rows = [{**own, **job} for job in jobs]
        statement = insert(Job).returning(
            col(Job.sequence), sort_by_parameter_order=True
        )
        places = self.session.connection().execute(statement, rows).scalars()
        note_new_jobs(self.session, rows)
        return [place or 0 for place in places]

    def solved(
        self, case_hashes: Collection[str], *, terminations: Collection[str], with_: str
    ) -> Mapping[str, Job]:
        """Return the latest job by case that was solved itself, and ended like that."""
        query = (
            select(Job)
            .where(Job.kind == JobKind.SOLVE)
            .where(Job.state == JobState.SUCCEEDED)
            .where(col(Job.solved_case_hash).in_(case_hashes))
            .where(col(Job.termination).in_(terminations))
            .where(Job.solved_with == with_)
            .where(col(Job.reused_from).is_(None))
            .order_by(col(Job.sequence))
            # Nobody deletes it, nor its plan, before somebody refers to that.
            .with_for_update(read=True, key_share=True)
        )
        return {job.solved_case_hash: job for job in self.session.exec(query)}

    def evaluated(self, plan_hash: str, fingerprint: str, *, with_: str) -> Job | None:
        """Return the latest evaluation that was asked for like that and found itself.

        Nobody deletes it, and so what it found, before this transaction ends.
        """
        query = (
            select(Job)
            .where(Job.kind == JobKind.EVALUATION)
            .where(Job.evaluated_plan_hash == plan_hash)
            .where(Job.order_fingerprint == fingerprint)
            .where(Job.state == JobState.SUCCEEDED)
            .where(Job.solved_with == with_)
            .where(col(Job.reused_from).is_(None))
            .order_by(col(Job.sequence).desc())
            .limit(1)
        )
        return self.session.exec(query.with_for_update(read=True)).first()

    def get(self, job_id: str) -> Job:
        """Return a job, or raise JobNotFoundError."""
        return self._only(select(Job).where(Job.id == job_id), job_id)

    def held(self, job_id: str) -> Job:
        """Return a job that nobody else changes before this transaction ends."""
        return self._only(_held(select(Job).where(Job.id == job_id)), job_id)

    def by_idempotency_key(self, key: str) -> Job | None:
        """Return the job that was submitted under this key, if there is one."""
        query = select(Job).where(Job.idempotency_key == key)
        return self.session.exec(query).one_or_none()

    def find(self, job_id: str) -> Job | None:
        """Return a job, held, if there is one."""
        query = _held(select(Job).where(Job.id == job_id))
        return self.session.exec(query).one_or_none()

    def is_paused(self, job: Job) -> bool:
        """Whether the batch of a job is to wait."""
        query = select(Job.sequence).where(Job.sequence == job.sequence, _IS_PAUSED)
        return self.session.exec(query).first() is not None

    def unfinished(self) -> Sequence[Job]:
        """Return the jobs that are QUEUED or RUNNING, held."""
        states = (JobState.QUEUED, JobState.RUNNING)
        query = select(Job).where(col(Job.state).in_(states))
        return self.session.exec(_held(query.order_by(col(Job.sequence)))).all()

    def orphaned(self, living: Collection[str]) -> Sequence[Job]:
        """Return the jobs that are RUNNING on no living worker, held."""
        query = select(Job).where(Job.state == JobState.RUNNING)
        is_living = col(Job.worker_id).in_(living)
        query = query.where(or_(~is_living, col(Job.worker_id).is_(None)))
        query = query.order_by(col(Job.sequence))
        return self.session.exec(_held(query, is_passed_by=True)).all()

    def astray(self, limit: int) -> Sequence[Job]:
        """Return jobs that are QUEUED and not in the queue, those next first, held.

        They were put back; or whoever took them in knows of no queue. Jobs of a paused
        batch are left out.
        """
        query = select(Job).where(Job.state == JobState.QUEUED)
        query = query.where(~col(Job.is_in_queue)).where(~_IS_PAUSED)
        query = query.order_by(col(Job.priority), col(Job.sequence)).limit(limit)
        return self.session.exec(_held(query, is_passed_by=True)).all()

    def longest_queued(self, limit: int) -> Sequence[Job]:
        """Return the jobs that are QUEUED for the longest time, to read."""
        query = select(Job).where(Job.state == JobState.QUEUED)
        return self.session.exec(query.order_by(col(Job.sequence)).limit(limit)).all()

    def one_waits_before(self, priority: int) -> bool:
        """Whether a job that is sooner than that priority is QUEUED."""
        query = select(Job.sequence).where(Job.state == JobState.QUEUED)
        query = query.where(col(Job.priority) < priority).where(~_IS_PAUSED).limit(1)
        return self.session.exec(query).first() is not None

    def page(
        self,
        *,
        state: JobState | None,
        kind: JobKind | None = None,
        before: int | None,
        limit: int,
    ) -> Sequence[Job]:
        """Return up to `limit` jobs, latest first, before that position."""
        query = select(Job)
        if state is not None:
            query = query.where(Job.state == state)
        if kind is not None:
            query = query.where(Job.kind == kind)
        if before is not None:
            query = query.where(col(Job.sequence) < before)
        query = query.order_by(col(Job.sequence).desc()).limit(limit)
        return self.session.exec(query).all()

    def number_by_state(self) -> Mapping[JobState, int]:
        """Return how many jobs stand where; 0 included."""
        query = select(Job.state, func.count()).group_by(col(Job.state))
        counted = dict(self.session.exec(query).all())
        return {state: counted.get(state, 0) for state in JobState}

    def _only(self, query: SelectOfScalar[Job], job_id: str) -> Job:
        job = self.session.exec(query).one_or_none()
        if job is None:
            raise JobNotFoundError(job_id)
        return job


def _held(
    query: SelectOfScalar[Job], *, is_passed_by: bool = False
) -> SelectOfScalar[Job]:
    """Lock what is found, and read it as it is now, not as it was read before.

    SQLite has one writer at a time and does not know these words: they are left out.
    """
    # Rows that only refer to the job, as lines of progress do, need not wait.
    held = query.with_for_update(key_share=True, skip_locked=is_passed_by)
    return held.execution_options(populate_existing=True)


@cache
def _default_fields() -> Mapping[str, Any]:
    """Return what a job has where nothing is said; its place is the database's."""
    fields = Job.model_fields.items()
    return {
        name: field.get_default(call_default_factory=True)
        for name, field in fields
        if not field.is_required() and name != "sequence"
    }
