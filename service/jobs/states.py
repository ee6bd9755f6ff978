"""The states of a job, drawn once.

    QUEUED ---> RUNNING ---> SUCCEEDED
     |  ^         | |  |
     |  +---------+ |  +---> FAILED
     |  worker went |
     +------------> +------> CANCELLED

A job whose answer is known from an earlier one begins as SUCCEEDED.
SUCCEEDED means that the solve ran to its end; its termination says what came of it.
"""

from collections.abc import Mapping

from models.tables import JobState
from service.errors import IllegalTransitionError

TRANSITIONS: Mapping[JobState, frozenset[JobState]] = {
    JobState.QUEUED: frozenset({JobState.RUNNING, JobState.CANCELLED}),
    JobState.RUNNING: frozenset(
        {JobState.SUCCEEDED, JobState.FAILED, JobState.CANCELLED, JobState.QUEUED}
    ),
    JobState.SUCCEEDED: frozenset(),
    JobState.FAILED: frozenset(),
    JobState.CANCELLED: frozenset(),
}


def is_finished(state: JobState) -> bool:
    """Whether nothing can happen to the job any more."""
    return not TRANSITIONS[state]


def advance(current: JobState, following: JobState) -> JobState:
    """Return the following state, or raise IllegalTransitionError."""
    if following not in TRANSITIONS[current]:
        allowed = ", ".join(sorted(TRANSITIONS[current])) or "nothing, it is finished"
        detail = f"It is {current} and cannot become {following}; allowed: {allowed}."
        raise IllegalTransitionError(detail)
    return following
