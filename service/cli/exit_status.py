"""The exit statuses of the commands."""

from collections.abc import Iterable
from enum import IntEnum

from models.outcome import Termination


class ExitStatus(IntEnum):
    """The result of a command, as the shell sees it."""

    SUCCESS = 0
    INTERNAL_ERROR = 1
    BAD_INPUT = 2
    INFEASIBLE = 3
    NO_PLAN_WITHIN_LIMITS = 4
    CHECK_FAILED = 5
    OUTPUT_CLOSED = 141  # as of a program that SIGPIPE ends


EXPLANATION = (
    "Exit status: 0 success (for a solve: a plan was found, even if the time limit or "
    "Ctrl-C ended it early), 1 internal error, 2 invalid input or no room for the "
    "output, 3 the case is infeasible, 4 no plan within the limits, 5 a check of an "
    "audit failed, 130 ended by Ctrl-C, 141 the reader of standard output is gone."
)


def status_of(
    terminations: Iterable[Termination | None], *, has_plan: bool
) -> ExitStatus:
    """Return the status of one solve or several: success if any has a plan."""
    if has_plan:
        return ExitStatus.SUCCESS
    if set(terminations) == {Termination.INFEASIBLE}:
        return ExitStatus.INFEASIBLE
    return ExitStatus.NO_PLAN_WITHIN_LIMITS
