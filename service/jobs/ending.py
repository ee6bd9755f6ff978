"""How a solving process ended, in words for whoever ordered the solve."""

import signal

from service.jobs.memory import Usage

GIGABYTE = 1e9
# What the system and the allocator of the solver do to who asks for too much.
SIGNALS_OF_FULL_MEMORY = {-signal.SIGKILL, -signal.SIGABRT}


def out_of_memory(limit_bytes: int) -> str:
    """Return what is said of a job that reached its limit."""
    return (
        f"Out of memory: the solve needs more than the {limit_bytes / GIGABYTE:.3g} GB "
        "that a job may have. Fewer scenarios, a coarser menu or a higher "
        "STRONGROOM_MEMORY_LIMIT_BYTES may help."
    )


def without_answer(status: int, usage: Usage, limit_bytes: int) -> str:
    """Return what is said of a process that ended with that status and said nothing.

    The status is that of multiprocessing: a signal is negative.
    """
    if status in SIGNALS_OF_FULL_MEMORY and usage.is_near(limit_bytes):
        return out_of_memory(limit_bytes)
    if status >= 0:
        return f"The solving process ended without an answer: exit status {status}."
    name = _name(-status)
    if status == -signal.SIGKILL:
        return (
            f"The solving process was killed from outside ({name}); the machine may "
            "have run out of memory."
        )
    if status == -signal.SIGTERM:
        return f"The solving process was ended from outside ({name})."
    return f"The solver crashed ({name})."


def _name(number: int) -> str:
    try:
        return f"signal {number}, {signal.Signals(number).name}"
    except ValueError:
        return f"signal {number}"
