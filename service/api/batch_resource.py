"""Batches and variants in answers."""

import datetime as dt
from collections.abc import Mapping, Sequence

from pydantic import BaseModel, Field, JsonValue

from models.batch import Axis, Comparison, VariantRow, named_warnings
from models.tables import Batch, JobState
from service.api.job_resource import job_path
from service.api.paths import versioned
from service.store.batches import VariantState


class BatchSummary(BaseModel):
    """A batch in a list. The case as it is counts as a variant, too."""

    id: str
    name: str
    case: str = Field(description="Hash of the case as it is.")
    number_of_variants: int = Field(description="Without the case as it is.")
    is_paused: bool = Field(description="Its queued jobs wait.")
    is_finished: bool = Field(description="Each variant's job has ended.")
    number_by_state: dict[JobState, int] = Field(
        description="Variants by the state of their job."
    )
    created_at: dt.datetime = Field(description="UTC.")
    href: str
    variants_href: str


class OrderedBatchResource(BatchSummary):
    """A batch that was just ordered, with what may be wrong in its cases."""

    warnings: list[str] = Field(
        description="Of the case as it is, and those that variants add, by name."
    )


class BatchResource(OrderedBatchResource):
    """A batch, and the comparison of its variants so far."""

    axes: list[Axis] = Field(description="What a grid varied.")
    rows: list[VariantRow] = Field(
        description="The comparison: the case as it is and the first variants; all "
        "are at `variants_href`."
    )
    comparison: Comparison
    failures: dict[int, str] = Field(
        description="Why variants FAILED, by number; the first ones."
    )


class VariantResource(VariantRow):
    """A variant, with its result so far."""

    patch: dict[str, JsonValue] = Field(description="Merge patch of the case.")
    overlay: dict[str, JsonValue] = Field(
        description="What else it changes, and its title, reason and sources."
    )
    state: JobState = Field(description="Of its job.")
    job: str = Field(description="Its latest job; the same cases share one.")
    job_href: str
    reused_from: str | None = Field(description="Job whose answer was taken over.")


def batch_path(batch_id: str) -> str:
    """Return the path of a batch."""
    return versioned(f"/batches/{batch_id}")


def variants_path(batch_id: str) -> str:
    """Return the path of the variants of a batch."""
    return versioned(f"/batches/{batch_id}/variants")


def batch_summary(batch: Batch, numbers: Mapping[JobState, int]) -> BatchSummary:
    """Return a batch with that number of variants in each state."""
    unfinished = numbers[JobState.QUEUED] + numbers[JobState.RUNNING]
    return BatchSummary(
        id=batch.id,
        name=batch.name,
        case=batch.case_hash,
        number_of_variants=batch.number_of_variants,
        is_paused=batch.is_paused,
        is_finished=not unfinished,
        number_by_state=dict(numbers),
        created_at=batch.created_at,
        href=batch_path(batch.id),
        variants_href=variants_path(batch.id),
    )


def batch_resource(
    summary: BatchSummary,
    batch: Batch,
    rows: Sequence[VariantRow],
    comparison: Comparison,
    limit: int,
) -> BatchResource:
    """Return a batch with at most `limit` rows and failures."""
    failed = [row for row in rows if row.failure is not None]
    return BatchResource(
        **dict(summary),
        warnings=list(named_warnings((x.number, x.name, x.warnings) for x in rows)),
        axes=[Axis.model_validate(axis) for axis in batch.axes],
        rows=list(rows[:limit]),
        comparison=comparison,
        failures={row.number: row.failure or "" for row in failed[:limit]},
    )


def variant_resource(found: VariantState) -> VariantResource:
    """Return a variant."""
    return VariantResource(
        **dict(found.row()),
        patch=found.variant.patch,
        overlay=found.variant.overlay or {},
        state=found.job.state,
        job=found.job.id,
        job_href=job_path(found.job.id),
        reused_from=found.job.reused_from,
    )
