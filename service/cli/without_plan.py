"""What a command says, and how it exits, when a solve has found no plan."""

import typer

from models.outcome import Outcome, Termination
from service.cli.exit_status import ExitStatus


def status_of(outcome: Outcome) -> ExitStatus:
    """Return how to exit after a solve."""
    if outcome.plan is not None:
        return ExitStatus.SUCCESS
    if outcome.termination is Termination.INFEASIBLE:
        return ExitStatus.INFEASIBLE
    return ExitStatus.NO_PLAN_WITHIN_LIMITS


def print_why(outcome: Outcome) -> None:
    """Say why there is no plan."""
    if outcome.termination is Termination.INFEASIBLE:
        typer.echo("The case is infeasible: these limits cannot hold together.")
        for limit in outcome.conflict:
            typer.echo(f"  {limit}")
    else:
        typer.echo(f"No plan within the limits ({outcome.termination.value}).")
