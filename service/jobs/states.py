"""The states of a job and the transitions between them.

    QUEUED ---> RUNNING ---> SUCCEEDED
     |  ^         | |  |
     |  +---------+ |  +---> FAILED
     |  worker lost |
     +------------> +------> CANCELLED

A job that takes over the answer of an earlier one begins as SUCCEEDED. SUCCEEDED means
that the solve ran to its end; the termination says with what result.
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
    """Whether the job has ended."""
    return not TRANSITIONS[state]


def advance(current: JobState, following: JobState) -> JobState:
    """Return the following state, or raise IllegalTransitionError."""
    if following not in TRANSITIONS[current]:
        allowed = ", ".join(sorted(TRANSITIONS[current])) or "nothing, it is finished"
        detail = f"It is {current} and cannot become {following}; allowed: {allowed}."
        raise IllegalTransitionError(detail)
    return following
