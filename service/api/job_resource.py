"""Jobs in answers."""

import datetime as dt
from typing import Annotated, Any

from pydantic import BaseModel, Field
from sqlmodel import Session

from models.outcome import ProgressRecord, Termination
from models.tables import Job, JobKind, JobState, ProgressLine
from service.api.paths import versioned
from service.api.plans import plan_path
from service.store.progress import ProgressRepository

Instant = Annotated[dt.datetime | None, Field(description="UTC; null if not yet.")]


class ProgressResource(ProgressRecord):
    """One line of the log of a solve, with its number."""

    number: int = Field(description="Counted from 1 in each job.")
    attempt: int = Field(description="The start of the job that reported it.")
    recorded_at: dt.datetime = Field(description="When it was stored, UTC.")


class ResultResource(BaseModel):
    """How a solve ended. An infeasible case has a conflict instead of a plan."""

    termination: Termination
    conflict: list[str] = Field(description="Limits that cannot hold together.")
    seconds: float | None = Field(description="Time to solve and check.")
    plan: str | None = Field(description="Hash of the plan, if there is one.")
    plan_href: str | None = Field(description="Where the plan is.")


class IncumbentResource(BaseModel):
    """The best plan so far. It stays however the job ends."""

    plan: str = Field(description="Hash of the plan.")
    href: str = Field(description="Where the best plan of the job is.")
    upper_bound_usd: float = Field(description="Objective of the plan.")
    lower_bound_usd: float = Field(description="Proof when it was found.")


class JobResource(BaseModel):
    """A job."""

    id: str
    kind: JobKind
    state: JobState
    case: str = Field(description="Hash of the case that was asked for.")
    solved_case: str = Field(
        description="Hash of the same case with the options of this job."
    )
    options: dict[str, Any] = Field(description="All options that the job uses.")
    priority: int = Field(description="The smaller, the sooner; then the older.")
    memory_limit_bytes: int | None = Field(description="As ordered.")
    number_of_threads: int | None = Field(description="As ordered.")
    attempt: int = Field(description="Number of times that the job was started.")
    worker: str | None = Field(description="Who has the job, or had it last.")
    created_at: dt.datetime = Field(description="UTC.")
    started_at: Instant
    finished_at: Instant
    warnings: list[str] = Field(
        description="Parts of the case without effect, figures that look misread and, "
        "once it has ended, what to know before its plan is used. A variant of a batch "
        "may leave out what its base has."
    )
    progress: ProgressResource | None = Field(description="The latest report.")
    incumbent: IncumbentResource | None = Field(description="The best plan so far.")
    result: ResultResource | None = Field(description="Of a job that SUCCEEDED.")
    evaluated_plan: str | None = Field(
        description="Hash of the plan that an evaluation or an analysis is of."
    )
    evaluation: str | None = Field(
        description="Hash of the evaluation, of such a job that SUCCEEDED."
    )
    evaluation_href: str | None = Field(description="Where the evaluation is.")
    analysis: str | None = Field(description="Name of an analysis.")
    analysis_document: str | None = Field(
        description="Hash of the answer of an analysis that SUCCEEDED."
    )
    analysis_href: str | None = Field(description="Where that answer is.")
    portion_of: str | None = Field(
        description="Of a portion: the analysis that it finds some parts of, a job."
    )
    parts: list[int] | None = Field(
        description="Of a portion: the numbers of these parts, from 0."
    )
    failure: str | None = Field(description="Why it FAILED, in words.")
    reused_from: str | None = Field(
        description="The job that was asked the same before, whose answer this is."
    )
    href: str
    progress_href: str


def job_path(job_id: str) -> str:
    """Return the path of a job."""
    return versioned(f"/jobs/{job_id}")


def progress_path(job_id: str) -> str:
    """Return the path of the log of a job."""
    return versioned(f"/jobs/{job_id}/progress")


def incumbent_path(job_id: str) -> str:
    """Return the path of the best plan of a job."""
    return versioned(f"/jobs/{job_id}/incumbent")


def evaluation_path(content_hash: str) -> str:
    """Return the path of an evaluation."""
    return versioned(f"/evaluations/{content_hash}")


def analysis_path(content_hash: str) -> str:
    """Return the path of the answer of an analysis."""
    return versioned(f"/analyses/{content_hash}")


def job_resource(job: Job, latest: ProgressLine | None) -> JobResource:
    """Return a job with its latest progress."""
    return JobResource(
        id=job.id,
        kind=JobKind(job.kind),
        state=job.state,
        case=job.case_hash,
        solved_case=job.solved_case_hash,
        options=job.options,
        priority=job.priority,
        memory_limit_bytes=job.memory_limit_bytes,
        number_of_threads=job.number_of_threads,
        attempt=job.attempt,
        worker=job.worker_id,
        created_at=job.created_at,
        started_at=job.started_at,
        finished_at=job.finished_at,
        warnings=job.warnings or [],
        progress=None if latest is None else progress_resource(latest),
        incumbent=_incumbent(job),
        result=_result(job),
        evaluated_plan=job.evaluated_plan_hash,
        evaluation=job.evaluation_hash,
        evaluation_href=(
            evaluation_path(job.evaluation_hash) if job.evaluation_hash else None
        ),
        analysis=job.analysis,
        analysis_document=job.analysis_hash,
        analysis_href=analysis_path(job.analysis_hash) if job.analysis_hash else None,
        portion_of=job.portion_of,
        parts=job.parts,
        failure=job.failure,
        reused_from=job.reused_from,
        href=job_path(job.id),
        progress_href=progress_path(job.id),
    )


def current_resource(session: Session, job: Job) -> JobResource:
    """Return a job with its latest progress, read from the store."""
    latest = ProgressRepository(session).latest([job])
    return job_resource(job, latest.get(job.sequence or 0))


def progress_resource(line: ProgressLine) -> ProgressResource:
    """Return a line of a log."""
    return ProgressResource(
        **line.record,
        number=line.number,
        attempt=line.attempt,
        recorded_at=line.recorded_at,
    )


def _incumbent(job: Job) -> IncumbentResource | None:
    upper, lower = job.incumbent_upper_bound_usd, job.incumbent_lower_bound_usd
    if job.incumbent_hash is None or upper is None or lower is None:
        return None
    return IncumbentResource(
        plan=job.incumbent_hash,
        href=incumbent_path(job.id),
        upper_bound_usd=upper,
        lower_bound_usd=lower,
    )


def _result(job: Job) -> ResultResource | None:
    if job.termination is None:
        return None
    return ResultResource(
        termination=Termination(job.termination),
        conflict=job.conflict,
        seconds=job.seconds,
        plan=job.plan_hash,
        plan_href=None if job.plan_hash is None else plan_path(job.plan_hash),
    )
