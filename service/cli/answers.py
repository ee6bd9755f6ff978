"""The answer of a solve: its exit status, and the reason why there is no plan."""

from collections.abc import Iterable

from models.outcome import Outcome, Termination
from service.cli.exit_status import ExitStatus, status_of
from service.cli.screen import echo


def status_of_outcome(outcome: Outcome) -> ExitStatus:
    """Return the exit status after a solve."""
    return status_of([outcome.termination], has_plan=outcome.plan is not None)


def print_no_plan(outcome: Outcome) -> None:
    """Print why there is no plan."""
    if outcome.termination is Termination.INFEASIBLE:
        print_conflict("The case is infeasible", outcome.conflict)
    else:
        echo(f"No plan within the limits ({outcome.termination.value}).")


def print_conflict(name: str, conflict: Iterable[str]) -> None:
    """Print the limits that no plan satisfies together."""
    echo(f"{name}: these limits cannot hold together.")
    for limit in conflict:
        echo(f"  {limit}")
