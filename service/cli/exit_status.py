"""What the exit status of a command says."""

from enum import IntEnum


class ExitStatus(IntEnum):
    """The answer of a command to the shell."""

    SUCCESS = 0
    INTERNAL_ERROR = 1
    BAD_INPUT = 2
    INFEASIBLE = 3
    NO_PLAN_WITHIN_LIMITS = 4
    CHECK_FAILED = 5


EXPLANATION = (
    "Exit status: 0 a plan was found, even if time limit or Ctrl-C cut the solve short "
    "(or the command did what it says), "
    "1 internal error, 2 bad input, 3 the case is infeasible, "
    "4 no plan within the limits, 5 a check of an audit failed."
)
