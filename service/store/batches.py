"""Batches in the store: their variants, with the jobs and figures of each."""

import datetime as dt
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple, cast

from sqlalchemy import insert
from sqlalchemy.exc import IntegrityError
from sqlmodel import Session, col, func, select

from models.batch import VariantRow, named_warnings
from models.figures import PlanFigures
from models.outcome import Termination
from models.tables import (
    Batch,
    BatchVariant,
    BatchWarmStart,
    Job,
    JobState,
    PlanDocument,
)
from service.errors import BatchNotFoundError
from service.store.concurrency import add, add_missing, lock
from service.store.part import Part
from service.store.tenancy import organisation_of


class VariantState(NamedTuple):
    """A variant with its job, and the figures of the job's best plan so far."""

    variant: BatchVariant
    job: Job
    figures: dict[str, Any] | None

    def row(self) -> VariantRow:
        """Return the variant with the answer of its job, or its best plan so far."""
        variant, job, figures = self
        termination = job.termination
        return VariantRow(
            number=variant.number,
            name=variant.name,
            values=variant.values,
            case=job.solved_case_hash,
            termination=None if termination is None else Termination(termination),
            warnings=tuple(variant.warnings or ()),
            conflict=tuple(job.conflict),
            failure=job.failure,
            seconds=job.seconds,
            plan=job.plan_hash or job.incumbent_hash,
            figures=None if figures is None else PlanFigures.model_validate(figures),
        )


@dataclass(frozen=True, slots=True)
class BatchRepository:
    """Queries on batches, within the transaction of `session`."""

    session: Session

    def add(self, batch: Batch) -> Batch:
        """Store a new batch, or return the one just stored under its key."""
        try:
            add(self.session, batch)
        except IntegrityError:
            earlier = self.by_idempotency_key(batch.idempotency_key or "")
            if earlier is None:
                raise
            return earlier
        return batch

    def warnings(self, batch: Batch) -> tuple[str, ...]:
        """Return the warnings of the case, and those of its variants with names."""
        query = (
            select(
                BatchVariant.number,
                BatchVariant.name,
                cast("Any", BatchVariant.warnings),
            )
            .where(BatchVariant.batch_sequence == batch.sequence)
            .order_by(col(BatchVariant.number))
        )
        found = self.session.exec(query).all()
        return named_warnings((number, name, x or ()) for number, name, x in found)

    def wait_for_others(self) -> None:
        """Wait for other transactions that store batches.

        Two that wait for cases of each other would be stuck.
        """
        lock(self.session.connection(), "batch")

    def add_variants(self, rows: Sequence[Mapping[str, Any]]) -> None:
        """Store the variants of a new batch."""
        self.session.connection().execute(insert(BatchVariant), list(rows))

    def get(self, batch_id: str) -> Batch:
        """Return a batch, or raise BatchNotFoundError."""
        query = select(Batch).where(Batch.id == batch_id)
        batch = self.session.exec(query).one_or_none()
        if batch is None:
            raise BatchNotFoundError(batch_id)
        return batch

    def held(self, batch_id: str) -> Batch:
        """Return a batch, locked until this transaction ends."""
        query = select(Batch).where(Batch.id == batch_id).with_for_update()
        query = query.execution_options(populate_existing=True)
        batch = self.session.exec(query).one_or_none()
        if batch is None:
            raise BatchNotFoundError(batch_id)
        return batch

    def by_idempotency_key(self, key: str) -> Batch | None:
        """Return the batch that was submitted under this key, if there is one."""
        query = select(Batch).where(Batch.idempotency_key == key)
        return self.session.exec(query).one_or_none()

    def page(self, part: Part, *, case_hash: str | None = None) -> Sequence[Batch]:
        """Return a part of the batches in order of arrival."""
        query = select(Batch)
        if case_hash is not None:
            query = query.where(Batch.case_hash == case_hash)
        return self.session.exec(part.of(query, col(Batch.sequence))).all()

    def number_by_state(
        self, batches: Sequence[Batch]
    ) -> Mapping[int, Mapping[JobState, int]]:
        """Return the number of variants by batch sequence and state, zeros included."""
        query = (
            select(BatchVariant.batch_sequence, Job.state, func.count())
            .join(Job, col(Job.sequence) == BatchVariant.job_sequence)
            .where(col(BatchVariant.batch_sequence).in_([x.sequence for x in batches]))
            .group_by(col(BatchVariant.batch_sequence), col(Job.state))
        )
        found: dict[int, dict[JobState, int]] = {
            x.sequence or 0: dict.fromkeys(JobState, 0) for x in batches
        }
        for place, state, number in self.session.exec(query).all():
            found[place][JobState(state)] = number
        return found

    def variants(
        self,
        batch: Batch,
        *,
        after: int = -1,
        limit: int | None = None,
        state: JobState | None = None,
    ) -> Sequence[VariantState]:
        """Return variants with a larger number than `after`, in order."""
        best = func.coalesce(col(Job.plan_hash), col(Job.incumbent_hash))
        query = (
            select(BatchVariant, Job, cast("Any", PlanDocument.figures))
            .join(Job, col(Job.sequence) == BatchVariant.job_sequence)
            .join(PlanDocument, col(PlanDocument.content_hash) == best, isouter=True)
            .where(BatchVariant.batch_sequence == batch.sequence)
            .where(BatchVariant.number > after)
            .order_by(col(BatchVariant.number))
            .limit(limit)
        )
        if state is not None:
            query = query.where(Job.state == state)
        return [VariantState(*row) for row in self.session.exec(query).all()]

    def jobs(self, batch: Batch, states: Collection[JobState]) -> Sequence[Job]:
        """Return the latest jobs of the variants in those states, locked."""
        variants = select(BatchVariant.job_sequence).where(
            BatchVariant.batch_sequence == batch.sequence
        )
        query = (
            select(Job)
            .where(col(Job.sequence).in_(variants))
            .where(col(Job.state).in_(states))
            .order_by(col(Job.sequence))
            .with_for_update(key_share=True)
            .execution_options(populate_existing=True)
        )
        return self.session.exec(query).all()

    def case_of(self, job: Job) -> str | None:
        """Return the hash of the case of a job's batch; None if it is in no batch."""
        query = (
            select(Batch.case_hash)
            .join(BatchVariant, col(BatchVariant.batch_sequence) == Batch.sequence)
            .where(BatchVariant.job_sequence == job.sequence)
            .limit(1)
        )
        return self.session.exec(query).first()

    def warm_start(self, case_hash: str) -> bytes | None:
        """Return the warm start for a case and its variants, if there is one."""
        query = select(BatchWarmStart.content)
        return self.session.exec(
            query.where(BatchWarmStart.case_hash == case_hash)
        ).first()

    def keep_warm_start(self, case_hash: str, content: bytes, at: dt.datetime) -> None:
        """Store the warm start for a case and its variants, unless there is one."""
        row = {
            "organisation": organisation_of(self.session),
            "case_hash": case_hash,
            "content": content,
            "created_at": at,
        }
        add_missing(self.session, BatchWarmStart, ("organisation", "case_hash"), [row])

    def give(self, batch: Batch, jobs: Mapping[int, int]) -> None:
        """Give variants other jobs: from the sequence of the old job to the new one."""
        query = select(BatchVariant).where(
            BatchVariant.batch_sequence == batch.sequence,
            col(BatchVariant.job_sequence).in_(jobs),
        )
        for variant in self.session.exec(query).all():
            variant.job_sequence = jobs[variant.job_sequence]
