"""All failures of jobs: each kind with its sentence."""

import signal
from concurrent.futures import BrokenExecutor

from models.failure import Failure, FailureKind
from service.jobs.memory import Usage

GIGABYTE = 1e9
MAXIMUM_REASON_CHARACTERS = 2000
MOST_LOST_ATTEMPTS = 3
# How the system and the allocator of the solver end a process that needs too much.
SIGNALS_OF_FULL_MEMORY = {-signal.SIGKILL, -signal.SIGABRT}

NOT_STORED = Failure(
    kind=FailureKind.NOT_STORED, reason="What the solve found could not be stored."
)
WORKER_LOST = Failure(
    kind=FailureKind.WORKER_LOST,
    reason=f"The worker died {MOST_LOST_ATTEMPTS} times while it solved this job: it "
    "was killed, its machine stopped, or it lost the database for too long.",
)


def not_started(error: Exception) -> Failure:
    """Return the failure of a job whose process could not be started."""
    return Failure(
        kind=FailureKind.NOT_STARTED,
        reason=f"The solving process could not be started: {error}.",
    )


def stopped_on_error(error: BaseException, limit_bytes: int) -> Failure:
    """Return the failure of a solve that raised an error."""
    if isinstance(error, MemoryError):
        return out_of_memory(limit_bytes)
    if isinstance(error, BrokenExecutor):
        return Failure(
            kind=FailureKind.ENDED_FROM_OUTSIDE,
            reason="A process that the solve had started ended abruptly: it was "
            "killed, crashed or ran out of memory.",
        )
    reason = f"The solve stopped on an error: {type(error).__name__}: {error}"
    return Failure(
        kind=FailureKind.ERROR, reason=reason.rstrip(": ")[:MAXIMUM_REASON_CHARACTERS]
    )


def out_of_memory(limit_bytes: int) -> Failure:
    """Return the failure of a job that reached its limit."""
    return Failure(
        kind=FailureKind.OUT_OF_MEMORY,
        reason=f"Out of memory: the solve needs more than the "
        f"{limit_bytes / GIGABYTE:.3g} GB that a job may have. Fewer scenarios, a "
        "coarser menu or a higher STRONGROOM_MEMORY_LIMIT_BYTES may help.",
    )


def without_answer(status: int, usage: Usage, limit_bytes: int) -> Failure:
    """Return the failure of a process that ended with that status and no answer.

    The status is that of multiprocessing: a signal is negative.
    """
    if status in SIGNALS_OF_FULL_MEMORY and usage.is_near(limit_bytes):
        return out_of_memory(limit_bytes)
    if status >= 0:
        reason = f"The solving process ended without an answer: exit status {status}."
        return Failure(kind=FailureKind.WITHOUT_ANSWER, reason=reason)
    name = _name(-status)
    kind = FailureKind.ENDED_FROM_OUTSIDE
    if status == -signal.SIGKILL:
        reason = f"The solving process was killed from outside ({name})"
        reason += "; the machine may have run out of memory."
    elif status == -signal.SIGTERM:
        reason = f"The solving process was ended from outside ({name})."
    else:
        kind, reason = FailureKind.CRASHED, f"The solver crashed ({name})."
    return Failure(kind=kind, reason=reason)


def _name(number: int) -> str:
    try:
        return f"signal {number}, {signal.Signals(number).name}"
    except ValueError:
        return f"signal {number}"
