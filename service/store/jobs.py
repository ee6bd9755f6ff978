"""Jobs in the store."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any, NamedTuple

from sqlalchemy import exists, insert
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import aliased
from sqlmodel import Session, and_, col, func, or_, select
from sqlmodel.sql.expression import SelectOfScalar

from models.tables import (
    Batch,
    BatchVariant,
    Job,
    JobKind,
    JobState,
    ProgressLine,
)
from service.errors import JobNotFoundError
from service.store.concurrency import add
from service.store.part import Part
from service.store.portions import waits_for_portions
from service.store.state_changes import note_new_jobs
from service.store.tenancy import organisation_of
from service.telemetry.request_ids import current_request_id

# Whether the job belongs to a paused batch.
_IS_PAUSED = exists().where(
    col(BatchVariant.job_sequence) == col(Job.sequence),
    col(BatchVariant.batch_sequence) == col(Batch.sequence),
    col(Batch.is_paused),
)


class JobSignal(NamedTuple):
    """What is another one whenever a job has changed."""

    state: str
    attempt: int
    incumbent_hash: str | None
    last_line: int


@dataclass(frozen=True, slots=True)
class JobRepository:
    """Queries on jobs, within the transaction of `session`."""

    session: Session

    def add(self, job: Job) -> Job:
        """Store a new job, which gets the next sequence number.

        Return it, or the job that has just been stored under its key.
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
        """Store new jobs, given by field, in order; return their sequence numbers.

        They are inserted as rows: ten thousand objects would take seconds more.
        """
        if not jobs:
            return []
        own = {
            **_default_fields(),
            "organisation": organisation_of(self.session),
            "request_id": current_request_id(),
        }
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
        """Return by case the latest job that was solved, not reused."""
        query = (
            select(Job)
            .where(Job.kind == JobKind.SOLVE)
            .where(Job.state == JobState.SUCCEEDED)
            .where(col(Job.solved_case_hash).in_(case_hashes))
            .where(col(Job.termination).in_(terminations))
            .where(Job.solved_with == with_)
            .where(col(Job.reused_from).is_(None))
            .order_by(col(Job.sequence))
            # Neither it nor its plan can be deleted in this transaction.
            .with_for_update(read=True, key_share=True)
        )
        return {job.solved_case_hash: job for job in self.session.exec(query)}

    def equally_ordered(
        self, kind: JobKind, case_hash: str, fingerprint: str, *, with_: str
    ) -> Job | None:
        """Return the latest job of a kind with that fingerprint that SUCCEEDED.

        Neither it nor its answer can be deleted in this transaction.
        """
        query = (
            select(Job)
            .where(Job.kind == kind)
            .where(Job.solved_case_hash == case_hash)
            .where(Job.order_fingerprint == fingerprint)
            .where(Job.state == JobState.SUCCEEDED)
            .where(Job.solved_with == with_)
            .where(col(Job.reused_from).is_(None))
            .order_by(col(Job.sequence).desc())
            .limit(1)
        )
        return self.session.exec(query.with_for_update(read=True)).first()

    def last_ordered(self, case_hash: str, fingerprint: str) -> Job | None:
        """Return the latest job with that fingerprint, in whatever state it is."""
        query = (
            select(Job)
            .where(Job.case_hash == case_hash)
            .where(Job.order_fingerprint == fingerprint)
            .order_by(col(Job.sequence).desc())
            .limit(1)
        )
        return self.session.exec(query).first()

    def get(self, job_id: str) -> Job:
        """Return a job, or raise JobNotFoundError."""
        return self._only(select(Job).where(Job.id == job_id), job_id)

    def held(self, job_id: str) -> Job:
        """Return a job, locked, or raise JobNotFoundError."""
        self._hold_whole_of(job_id)
        return self._only(_held(select(Job).where(Job.id == job_id)), job_id)

    def signals(self, job_ids: Collection[str]) -> Mapping[str, JobSignal]:
        """Return what changes of the jobs that there are, by id."""
        is_asked = col(Job.id).in_(job_ids)
        lines = select(Job.id, func.max(ProgressLine.number)).where(is_asked)
        lines = lines.where(ProgressLine.job_sequence == Job.sequence)
        last = dict(self.session.exec(lines.group_by(col(Job.id))).all())
        query = select(Job.id, Job.state, Job.attempt, Job.incumbent_hash)
        return {
            job_id: JobSignal(state, attempt, incumbent_hash, last.get(job_id, 0))
            for job_id, state, attempt, incumbent_hash in self.session.exec(
                query.where(is_asked)
            ).all()
        }

    def by_idempotency_key(self, key: str) -> Job | None:
        """Return the job that was submitted under this key, if there is one."""
        query = select(Job).where(Job.idempotency_key == key)
        return self.session.exec(query).one_or_none()

    def find(self, job_id: str) -> Job | None:
        """Return a job, locked, if there is one."""
        self._hold_whole_of(job_id)
        query = _held(select(Job).where(Job.id == job_id))
        return self.session.exec(query).one_or_none()

    def whole_of(self, job: Job) -> Job | None:
        """Return the analysis that a job is a portion of; locked if the job is."""
        return None if job.portion_of is None else self.get(job.portion_of)

    def has_to_wait(self, job: Job) -> bool:
        """Whether the batch of a job is paused, or portions of it have not ended."""
        query = select(Job.sequence).where(Job.sequence == job.sequence)
        query = query.where(or_(_IS_PAUSED, waits_for_portions()))
        return self.session.exec(query).first() is not None

    def unfinished(self) -> Sequence[Job]:
        """Return the jobs that are QUEUED or RUNNING, locked."""
        states = (JobState.QUEUED, JobState.RUNNING)
        query = select(Job).where(col(Job.state).in_(states))
        return self.session.exec(_held(query.order_by(col(Job.sequence)))).all()

    def has_unfinished(self) -> bool:
        """Whether a job is QUEUED or RUNNING."""
        query = select(Job.sequence).where(
            col(Job.state).in_((JobState.QUEUED, JobState.RUNNING))
        )
        return self.session.exec(query.limit(1)).first() is not None

    def number_unfinished(self, participant: str | None) -> int:
        """Return how many jobs are QUEUED or RUNNING of those that planners ordered.

        participant: whose planners; None: of those that no planner ordered.
        """
        query = (
            select(func.count())
            .select_from(Job)
            .where(col(Job.state).in_((JobState.QUEUED, JobState.RUNNING)))
            .where(col(Job.participant) == participant)
        )
        return self.session.exec(query).one()

    def orphaned(self, living: Collection[str]) -> Sequence[Job]:
        """Return the RUNNING jobs of workers that are not alive, locked.

        Those whose last portion has ended are among them.
        """
        query = select(Job).where(Job.state == JobState.RUNNING)
        query = query.where(~waits_for_portions())
        is_living = col(Job.worker_id).in_(living)
        query = query.where(or_(~is_living, col(Job.worker_id).is_(None)))
        query = query.order_by(col(Job.sequence))
        return self.session.exec(_held(query, is_passed_by=True)).all()

    def astray(self, limit: int) -> Sequence[Job]:
        """Return QUEUED jobs that have no ticket, in their order, locked.

        They were put back, or stored by a version without the queue. Jobs of a paused
        batch, and those that wait for their portions, are left out.
        """
        query = select(Job).where(Job.state == JobState.QUEUED)
        query = query.where(~col(Job.is_in_queue)).where(~_IS_PAUSED)
        query = query.where(~waits_for_portions())
        query = query.order_by(col(Job.priority), col(Job.sequence)).limit(limit)
        return self.session.exec(_held(query, is_passed_by=True)).all()

    def longest_queued(self, limit: int) -> Sequence[Job]:
        """Return the oldest QUEUED jobs, not locked."""
        query = select(Job).where(Job.state == JobState.QUEUED)
        return self.session.exec(query.order_by(col(Job.sequence)).limit(limit)).all()

    def one_waits_before(self, priority: int) -> bool:
        """Whether a job with a smaller priority number is QUEUED."""
        query = select(Job.sequence).where(Job.state == JobState.QUEUED)
        query = query.where(col(Job.priority) < priority).where(~_IS_PAUSED)
        query = query.where(~waits_for_portions()).limit(1)
        return self.session.exec(query).first() is not None

    def page(
        self,
        part: Part,
        *,
        state: JobState | None = None,
        kind: JobKind | None = None,
        case_hash: str | None = None,
        portion_of: str | None = None,
    ) -> Sequence[Job]:
        """Return a part of the jobs in order of arrival; of a case, also as ordered."""
        query = select(Job)
        if state is not None:
            query = query.where(Job.state == state)
        if kind is not None:
            query = query.where(Job.kind == kind)
        if portion_of is not None:
            query = query.where(Job.portion_of == portion_of)
        if case_hash is not None:
            of_case = (Job.case_hash, Job.solved_case_hash)
            query = query.where(or_(*(x == case_hash for x in of_case)))
        return self.session.exec(part.of(query, col(Job.sequence))).all()

    def of_publication(self, part: Part, publication_id: str) -> Sequence[Job]:
        """Return a part of what planners ordered of a published plan."""
        query = select(Job).where(Job.publication_id == publication_id)
        return self.session.exec(part.of(query, col(Job.sequence))).all()

    def about_plan(self, part: Part, plan_hash: str, case_hash: str) -> Sequence[Job]:
        """Return a part of the jobs that ask something of a plan, or of its case."""
        of_case = and_(
            Job.kind == JobKind.ANALYSIS,
            col(Job.evaluated_plan_hash).is_(None),
            Job.case_hash == case_hash,
        )
        query = select(Job).where(or_(Job.evaluated_plan_hash == plan_hash, of_case))
        return self.session.exec(part.of(query, col(Job.sequence))).all()

    def asked_of_plan(self, part: Part, plan_hash: str, analysis: str) -> Sequence[Job]:
        """Return a part of the jobs of an analysis of a plan."""
        query = select(Job).where(
            Job.evaluated_plan_hash == plan_hash, Job.analysis == analysis
        )
        return self.session.exec(part.of(query, col(Job.sequence))).all()

    def number_by_state(self) -> Mapping[JobState, int]:
        """Return the number of jobs by state, zeros included."""
        query = select(Job.state, func.count()).group_by(col(Job.state))
        counted = dict(self.session.exec(query).all())
        return {state: counted.get(state, 0) for state in JobState}

    def _hold_whole_of(self, job_id: str) -> None:
        """Lock the analysis that a job is a portion of before the job itself."""
        portion = aliased(Job)
        wanted = select(portion.portion_of).where(portion.id == job_id)
        query = select(Job).where(col(Job.id) == wanted.scalar_subquery())
        self.session.exec(_held(query)).one_or_none()

    def _only(self, query: SelectOfScalar[Job], job_id: str) -> Job:
        job = self.session.exec(query).one_or_none()
        if job is None:
            raise JobNotFoundError(job_id)
        return job


def _held(
    query: SelectOfScalar[Job], *, is_passed_by: bool = False
) -> SelectOfScalar[Job]:
    """Lock the rows of a query, and read their current values.

    For SQLite, which has one writer at a time, the locking clause is left out.
    """
    # New rows that refer to the job, as progress lines do, need not wait.
    held = query.with_for_update(key_share=True, skip_locked=is_passed_by)
    return held.execution_options(populate_existing=True)


@cache
def _default_fields() -> Mapping[str, Any]:
    """Return the default values of a job's fields, without its sequence."""
    fields = Job.model_fields.items()
    return {
        name: field.get_default(call_default_factory=True)
        for name, field in fields
        if not field.is_required() and name != "sequence"
    }
