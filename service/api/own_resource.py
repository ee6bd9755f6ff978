"""What a planner is told of its plans and jobs.

No field has a hash of a case or plan, an id that others know, or the name of a worker:
such things change with what others do.
"""

import datetime as dt
from typing import Any

from pydantic import BaseModel, Field
from sqlmodel import Session

from models.failure import FailureKind
from models.tables import Job, JobState, ProgressLine, Publication
from service.api.job_resource import Instant
from service.api.paths import versioned


class OwnPlanResource(BaseModel):
    """A published plan."""

    id: str = Field(description="Its name for this participant alone.")
    title: str = Field(description="What the manager calls it.")
    published_at: dt.datetime = Field(description="UTC.")
    href: str


class OwnJobResource(BaseModel):
    """An analysis that a planner of the participant has ordered."""

    id: str
    plan: str = Field(description="Id of the published plan.")
    analysis: str = Field(description="Name of the analysis.")
    parameters: dict[str, Any] = Field(description="All of them.")
    state: JobState
    created_at: dt.datetime = Field(description="UTC.")
    started_at: Instant
    finished_at: Instant
    failure: FailureKind | None = Field(
        description="Why it FAILED. The manager can read the details."
    )
    answer_href: str | None = Field(
        description="Where the answer is, once the job has SUCCEEDED."
    )
    progress_href: str
    href: str


class OwnProgressResource(BaseModel):
    """One line of the log of a job, with its number."""

    number: int = Field(description="Counted from 1 in each job.")
    recorded_at: dt.datetime = Field(description="When it was stored, UTC.")
    seconds: float = Field(ge=0, description="Since the start of the job.")
    message: str = Field(description="In words.")


def own_plan(publication: Publication) -> OwnPlanResource:
    """Return a published plan."""
    return OwnPlanResource(
        id=publication.id,
        title=publication.title,
        published_at=publication.published_at,
        href=versioned(f"/own/plans/{publication.id}"),
    )


def own_job_path(job_id: str) -> str:
    """Return the path of a job."""
    return versioned(f"/own/jobs/{job_id}")


def own_job(job: Job) -> OwnJobResource:
    """Return a job of a planner."""
    path = own_job_path(job.id)
    return OwnJobResource(
        id=job.id,
        plan=job.publication_id or "",
        analysis=job.analysis or "",
        parameters={x: v for x, v in job.options.items() if x != "participant"},
        state=job.state,
        created_at=job.created_at,
        started_at=job.started_at,
        finished_at=job.finished_at,
        failure=_failure(job),
        answer_href=f"{path}/answer" if job.analysis_hash else None,
        progress_href=f"{path}/progress",
        href=path,
    )


def own_job_in(session: Session, job: Job) -> OwnJobResource:
    """Return a job of a planner as `own_job` does; nothing more is read for it."""
    del session
    return own_job(job)


def own_progress(line: ProgressLine) -> OwnProgressResource:
    """Return a line of a log."""
    return OwnProgressResource(
        number=line.number,
        recorded_at=line.recorded_at,
        seconds=line.record["seconds"],
        message=line.record.get("message", ""),
    )


def _failure(job: Job) -> FailureKind | None:
    if job.state is not JobState.FAILED:
        return None
    return FailureKind(job.failure_kind or FailureKind.OTHER)
