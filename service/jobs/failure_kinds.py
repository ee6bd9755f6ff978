"""Why a job FAILED, in one word out of few: for counting, not for people.

Told from how the words for people begin, so a row of any age has its kind.
"""

from enum import StrEnum


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


OPENINGS = {
    "Out of memory": FailureKind.OUT_OF_MEMORY,
    "The solver crashed": FailureKind.CRASHED,
    "The solving process was": FailureKind.ENDED_FROM_OUTSIDE,
    "A process that the solve had started": FailureKind.ENDED_FROM_OUTSIDE,
    "The solving process ended without": FailureKind.WITHOUT_ANSWER,
    "The solve stopped on an error": FailureKind.ERROR,
    "What the solve found": FailureKind.NOT_STORED,
    "The solving process could not be": FailureKind.NOT_STARTED,
    "The worker died": FailureKind.WORKER_LOST,
}
NUMBER_OF_CHARACTERS = max(map(len, OPENINGS))


def kind_of(failure: str) -> FailureKind:
    """Return the kind of a failure; its first NUMBER_OF_CHARACTERS are enough."""
    for opening, kind in OPENINGS.items():
        if failure.startswith(opening):
            return kind
    return FailureKind.OTHER
