"""strongroom smps: a case for other solvers, and problems of others for this one."""

from pathlib import Path
from typing import Annotated

import typer

from service.cli.case_argument import CaseArgument, JsonOption, SetOption, read_case
from service.cli.exchange_options import (
    RelaxedOption,
    ScenariosOption,
    SeedOption,
    report_files,
)
from service.cli.reporting import reported
from service.cli.smps_solution import show_solution
from service.files.text import fault
from service.files.writing import check_writable

commands = typer.Typer(
    no_args_is_help=True,
    help="Write a case as a two-stage problem in SMPS, or solve such a problem.",
)


@commands.command("write")
def write(  # noqa: PLR0913 - one for each option of the command
    case: CaseArgument,
    directory: Annotated[
        Path, typer.Argument(metavar="DIR", help="Made if it is not there.")
    ],
    *,
    scenarios: ScenariosOption = None,
    seed: SeedOption = None,
    relaxed: RelaxedOption = False,
    assignments: SetOption = None,
    as_json: JsonOption = False,
) -> None:
    """Write core, time and stoch file of a case over its planning scenarios."""
    with reported(as_json=as_json):
        options = {"number_of_scenarios": scenarios, "seed": seed}
        instance = read_case(case, assignments, options)
        _make(directory)
        # The model takes a second to load: not for --help, nor for a wrong case.
        from service.optimization import write_smps  # noqa: PLC0415

        files = write_smps(instance, directory, is_relaxed=relaxed)
        report_files(instance, files, as_json=as_json)


@commands.command("solve")
def solve(
    directory: Annotated[
        Path, typer.Argument(metavar="DIR", help="Has a core, time and stoch file.")
    ],
    *,
    gap: Annotated[float, typer.Option(min=0, help="Relative gap to stop at.")] = 1e-4,
    time_limit: Annotated[float, typer.Option(min=0, help="Seconds.")] = 600.0,
    as_json: JsonOption = False,
) -> None:
    """Solve a two-stage problem by the decomposition that solves cases.

    Integers are left out: what is solved is the linear relaxation.
    """
    with reported(as_json=as_json):
        # The solver takes a second to load: not for --help.
        from service.optimization import solve_smps  # noqa: PLC0415

        found = solve_smps(directory, gap=gap, time_limit_s=time_limit)
        status = show_solution(found, directory, as_json=as_json)
        raise typer.Exit(status)


def _make(directory: Path) -> None:
    """Make the directory, or raise InvalidCaseError if no file could be written."""
    try:
        directory.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        reason = error.strerror or type(error).__name__
        raise fault(str(directory), reason, "a directory to write to") from None
    check_writable(directory / "core.mps")
