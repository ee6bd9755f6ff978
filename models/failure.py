"""Why a job has no answer: a kind to count by, and a sentence for people."""

from enum import StrEnum

from pydantic import Field

from models.record import Record


class FailureKind(StrEnum):
    """What went wrong."""

    OUT_OF_MEMORY = "out_of_memory"
    CRASHED = "crashed"
    ENDED_FROM_OUTSIDE = "ended_from_outside"
    WITHOUT_ANSWER = "without_answer"
    ERROR = "error"
    NOT_STORED = "not_stored"
    NOT_STARTED = "not_started"
    WORKER_LOST = "worker_lost"
    OTHER = "other"


class Failure(Record):
    """Why a job FAILED."""

    kind: FailureKind
    reason: str = Field(description="In words, for the client that ordered the job.")
