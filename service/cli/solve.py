"""strongroom solve: solve a case, show how it goes, keep the plan."""

import tempfile
import time
from collections.abc import Callable
from contextlib import AbstractContextManager, nullcontext
from pathlib import Path
from typing import Annotated, Protocol

import typer

from models.instance import Instance
from models.outcome import Outcome, ProgressRecord, Termination
from models.plan import Plan
from service.cli.answers import answer
from service.cli.case_argument import CaseArgument, JsonOption, SetOption, read_case
from service.cli.exit_status import EXPLANATION, ExitStatus
from service.cli.plan_tables.headline import headline
from service.cli.plan_tables.holdings import levels
from service.cli.progress_display import ProgressDisplay
from service.cli.progress_lines import ProgressLines
from service.cli.reporting import print_json, report, reported
from service.cli.screen import screen, show
from service.files.plans import check_writable, write_plan
from service.files.text import fault


class Solve(Protocol):
    """Instance in, Outcome out; reports on the way."""

    def __call__(
        self,
        instance: Instance,
        *,
        on_progress: Callable[[ProgressRecord], None] | None = None,
    ) -> Outcome:
        """Solve a case; an infeasible one has an outcome too."""
        ...


def command(  # noqa: PLR0913 - one for each option of the command
    case: CaseArgument,
    *,
    scenarios: Annotated[
        int | None, typer.Option(help="Planning scenarios.", show_default=False)
    ] = None,
    seed: Annotated[
        int | None, typer.Option(help="Seed of the sampling.", show_default=False)
    ] = None,
    gap: Annotated[
        float | None, typer.Option(help="Relative gap to stop at.", show_default=False)
    ] = None,
    time_limit: Annotated[
        float | None, typer.Option(help="Seconds to solve in.", show_default=False)
    ] = None,
    assignments: SetOption = None,
    output: Annotated[
        Path | None,
        typer.Option(help="File to write the plan to (JSON).", show_default=False),
    ] = None,
    as_json: JsonOption = False,
) -> None:
    """Find what to hold, under which rules, and what that promises.

    Options that are not given are those of the case.
    """
    options = {
        "number_of_scenarios": scenarios,
        "seed": seed,
        "gap": gap,
        "time_limit_s": time_limit,
    }
    with reported(as_json=as_json):
        instance = read_case(case, assignments, options)
        if output is not None:
            _check_output(output, case)
        # The solver takes a second to load: not for --help, nor for a wrong case.
        from service.jobs.execution import solve  # noqa: PLC0415

        status = solve_case(instance, solve=solve, output=output, as_json=as_json)
        raise typer.Exit(status)


command.__doc__ = f"{command.__doc__}\n\n    {EXPLANATION}"


def solve_case(
    instance: Instance,
    *,
    solve: Solve,
    output: Path | None,
    as_json: bool,
    clock: Callable[[], float] = time.monotonic,
) -> ExitStatus:
    """Solve, write the plan, print the answer; return how to exit."""
    with _progress(instance, clock, is_silent=as_json) as progress:
        outcome = solve(instance, on_progress=progress)
        if progress is not None:
            progress.finish(outcome)
    if outcome.plan is not None and output is not None:
        failure = _keep(outcome.plan, output)
        if failure is not None:
            report(failure, [], as_json=as_json)
            return ExitStatus.INTERNAL_ERROR
    if as_json:
        written = None if outcome.plan is None or output is None else str(output)
        print_json(answer(outcome, instance, written))
    else:
        _print(outcome, output)
    return _status(outcome)


def _status(outcome: Outcome) -> ExitStatus:
    if outcome.plan is not None:
        return ExitStatus.SUCCESS
    if outcome.termination is Termination.INFEASIBLE:
        return ExitStatus.INFEASIBLE
    return ExitStatus.NO_PLAN_WITHIN_LIMITS


def _progress(
    instance: Instance, clock: Callable[[], float], *, is_silent: bool
) -> AbstractContextManager[ProgressDisplay | ProgressLines | None]:
    console = screen(is_error=True)
    if is_silent:
        return nullcontext()
    if console.is_terminal and not console.is_dumb_terminal:
        return ProgressDisplay(instance, console, clock)
    return ProgressLines(instance, lambda line: typer.echo(line, err=True))


def _print(outcome: Outcome, output: Path | None) -> None:
    if outcome.plan is not None:
        show(headline(outcome.plan), levels(outcome.plan))
        where = "not kept; --output FILE keeps it" if output is None else output
        typer.echo(f"plan: {where}")
    elif outcome.termination is Termination.INFEASIBLE:
        typer.echo("The case is infeasible: these limits cannot hold together.")
        for limit in outcome.conflict:
            typer.echo(f"  {limit}")
    else:
        typer.echo(f"No plan within the limits ({outcome.termination.value}).")


def _check_output(output: Path, case: str) -> None:
    check_writable(output)
    if output.exists() and Path(case).exists() and output.samefile(case):
        raise fault(str(output), "the file of the case", "another file")


def _keep(plan: Plan, output: Path) -> str | None:
    """Write the plan; if the disk lets us down now, rescue it and say where it is."""
    try:
        write_plan(plan, output)
    except OSError as error:
        rescued = Path(tempfile.mkdtemp(prefix="strongroom-")) / "plan.json"
        write_plan(plan, rescued)
        return f"{output}: {error.strerror}; the plan is kept in {rescued}"
    return None
