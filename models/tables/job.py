"""A job: what was ordered, its progress and its answer. Workers run jobs."""

import datetime as dt
from enum import IntEnum, StrEnum
from typing import Any

from sqlalchemy import JSON, BigInteger, Column, Enum, false
from sqlmodel import Field

from models.tables.account import MAXIMUM_PARTICIPANT_CHARACTERS
from models.tables.organisation import OrganisationRow, list_index
from models.tables.row import NUMBER_OF_HASH_CHARACTERS, Row, UtcDateTime

MAXIMUM_KEY_CHARACTERS = 255
MAXIMUM_NAME_CHARACTERS = 255
NUMBER_OF_REQUEST_ID_CHARACTERS = 128
MAXIMUM_PRIORITY = 100


class JobState(StrEnum):
    """The state of a job."""

    QUEUED = "QUEUED"
    RUNNING = "RUNNING"
    SUCCEEDED = "SUCCEEDED"
    FAILED = "FAILED"
    CANCELLED = "CANCELLED"


class JobKind(StrEnum):
    """What a job computes."""

    SOLVE = "solve"
    EVALUATION = "evaluation"
    ANALYSIS = "analysis"
    PORTION = "portion"


class Priority(IntEnum):
    """Which of two queued jobs is next: the smaller number, then the older job."""

    INTERACTIVE = 0
    BATCH = 10


class Job(OrganisationRow, table=True):
    """A job. INFEASIBLE is an answer: such a job has SUCCEEDED."""

    __table_args__ = (list_index("job"),)

    sequence: int | None = Field(
        default=None, primary_key=True, description="Order of arrival."
    )
    id: str = Field(max_length=36, unique=True, description="Public name.")
    state: JobState = Field(
        sa_column=Column(
            Enum(JobState, native_enum=False, create_constraint=True, name="state"),
            nullable=False,
            index=True,
        )
    )
    case_hash: str = Field(
        max_length=NUMBER_OF_HASH_CHARACTERS,
        foreign_key="casedocument.content_hash",
        index=True,
        description="The case that was asked for.",
    )
    solved_case_hash: str = Field(
        max_length=NUMBER_OF_HASH_CHARACTERS,
        foreign_key="casedocument.content_hash",
        index=True,
        description="The same case with the options of this job.",
    )
    options: dict[str, Any] = Field(
        sa_column=Column(JSON, nullable=False),
        description="SolveOptions, complete; of an evaluation a Fresh, of an analysis "
        "its parameters.",
    )
    # Defaults are in the database as well, for servers of an earlier version.
    priority: int = Field(
        default=Priority.INTERACTIVE,
        sa_column_kwargs={"server_default": str(int(Priority.INTERACTIVE))},
        description="Of two queued jobs the one with the smaller number is next.",
    )
    memory_limit_bytes: int | None = Field(
        default=None,
        sa_type=BigInteger,
        description="Most memory; None: what its worker gives to each job.",
    )
    number_of_threads: int | None = Field(
        default=None, description="Most cores to use; None: all of its worker's."
    )
    attempt: int = Field(
        default=0, description="Number of times it was started; names the process."
    )
    lost_attempts: int = Field(
        default=0,
        sa_column_kwargs={"server_default": "0"},
        description="Attempts that ended because their worker died.",
    )
    ticket: int = Field(
        default=0,
        sa_column_kwargs={"server_default": "0"},
        description="Number of times it was put in the queue; only the last counts.",
    )
    is_in_queue: bool = Field(
        default=False,
        sa_column_kwargs={"server_default": false()},
        description="Whether its last ticket waits for a worker, or is with one.",
    )
    worker_id: str | None = Field(
        default=None,
        max_length=MAXIMUM_NAME_CHARACTERS,
        description="The worker that has it, or had it last.",
    )
    created_at: dt.datetime = Field(sa_type=UtcDateTime)
    started_at: dt.datetime | None = Field(default=None, sa_type=UtcDateTime)
    finished_at: dt.datetime | None = Field(default=None, sa_type=UtcDateTime)
    termination: str | None = Field(default=None, description="How the solve ended.")
    seconds: float | None = Field(default=None, description="Time of the solve.")
    conflict: list[str] = Field(
        sa_column=Column(JSON, nullable=False),
        default_factory=list,
        description="Limits that cannot hold together, if infeasible.",
    )
    warnings: list[str] | None = Field(
        default=None,
        sa_column=Column(JSON(none_as_null=True)),
        description="About the case (of a variant: those that its base has not) and, "
        "once it has ended, about the plan; None: on a server of an earlier version.",
    )
    plan_hash: str | None = Field(
        default=None,
        max_length=NUMBER_OF_HASH_CHARACTERS,
        foreign_key="plandocument.content_hash",
        index=True,
    )
    incumbent_hash: str | None = Field(
        default=None,
        max_length=NUMBER_OF_HASH_CHARACTERS,
        foreign_key="plandocument.content_hash",
        index=True,
        description="The best plan so far; it stays however the job ends.",
    )
    incumbent_upper_bound_usd: float | None = Field(
        default=None, description="Objective of that plan."
    )
    incumbent_lower_bound_usd: float | None = Field(
        default=None, description="What was proved when it was found."
    )
    failure: str | None = Field(default=None, description="Why it FAILED, in words.")
    failure_kind: str | None = Field(
        default=None,
        max_length=20,
        description="A FailureKind; None: it has not FAILED, or on a worker of an "
        "earlier version.",
    )
    solved_with: str | None = Field(
        default=None, description="Version of Strongroom that found the answer."
    )
    kind: str = Field(
        default=JobKind.SOLVE,
        max_length=20,
        sa_column_kwargs={"server_default": JobKind.SOLVE.value},
        description="A JobKind.",
    )
    evaluated_plan_hash: str | None = Field(
        default=None,
        max_length=NUMBER_OF_HASH_CHARACTERS,
        foreign_key="plandocument.content_hash",
        index=True,
        description="The plan that an evaluation or an analysis is of.",
    )
    compared_plan_hash: str | None = Field(
        default=None,
        max_length=NUMBER_OF_HASH_CHARACTERS,
        foreign_key="plandocument.content_hash",
        index=True,
        description="The plan that an analysis compares that plan with.",
    )
    analysis: str | None = Field(
        default=None, max_length=30, description="The name of an analysis."
    )
    evaluation_hash: str | None = Field(
        default=None,
        max_length=NUMBER_OF_HASH_CHARACTERS,
        foreign_key="evaluationdocument.content_hash",
        index=True,
        description="The answer of an evaluation.",
    )
    analysis_hash: str | None = Field(
        default=None,
        max_length=NUMBER_OF_HASH_CHARACTERS,
        foreign_key="analysisdocument.content_hash",
        index=True,
        description="The answer of an analysis.",
    )
    portion_of: str | None = Field(
        default=None,
        max_length=36,
        foreign_key="job.id",
        index=True,
        description="Of a portion: the analysis that it finds some parts of.",
    )
    parts: list[int] | None = Field(
        default=None,
        sa_column=Column(JSON(none_as_null=True)),
        description="Of a portion: the numbers of these parts.",
    )
    participant: str | None = Field(
        default=None,
        max_length=MAXIMUM_PARTICIPANT_CHARACTERS,
        index=True,
        description="Whose planner ordered it; None: it is no planner's own.",
    )
    publication_id: str | None = Field(
        default=None,
        max_length=36,
        description="The publication of the plan that the order is about.",
    )
    reused_from: str | None = Field(
        default=None, max_length=36, description="Job whose answer this one took over."
    )
    idempotency_key: str | None = Field(
        default=None, max_length=MAXIMUM_KEY_CHARACTERS, unique=True
    )
    order_fingerprint: str | None = Field(
        default=None,
        max_length=NUMBER_OF_HASH_CHARACTERS,
        description="SHA-256 of the order that came with the key.",
    )
    request_id: str | None = Field(
        default=None,
        max_length=NUMBER_OF_REQUEST_ID_CHARACTERS,
        description="The request that it came with, as in log lines.",
    )


class FoundPart(Row, table=True):
    """A finished part of the answer of a job that has not SUCCEEDED yet."""

    job_sequence: int = Field(primary_key=True, foreign_key="job.sequence")
    number: int = Field(primary_key=True, description="Counted from 0 in each answer.")
    content: str = Field(description="The part, as JSON.")
    found_with: str = Field(description="Version of Strongroom that found it.")
    found_at: dt.datetime = Field(sa_type=UtcDateTime)


class ProgressLine(Row, table=True):
    """One line of the log of a job."""

    job_sequence: int = Field(primary_key=True, foreign_key="job.sequence")
    number: int = Field(primary_key=True, description="Counted from 1 in each job.")
    attempt: int = Field(description="The start of the job that wrote it.")
    recorded_at: dt.datetime = Field(sa_type=UtcDateTime)
    record: dict[str, Any] = Field(
        sa_column=Column(JSON, nullable=False), description="A ProgressRecord."
    )


class Worker(Row, table=True):
    """A worker process. Its row is deleted when it ends or its lease expires."""

    id: str = Field(
        max_length=MAXIMUM_NAME_CHARACTERS,
        primary_key=True,
        description="Host, process and a random part: never used twice.",
    )
    number_of_slots: int = Field(description="Jobs that it solves at the same time.")
    version: str = Field(description="Of Strongroom.")
    started_at: dt.datetime = Field(sa_type=UtcDateTime)
    expires_at_s: float = Field(
        description="End of its lease: seconds since 1970 by the database's clock."
    )
