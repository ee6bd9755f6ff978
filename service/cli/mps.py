"""strongroom mps: a case as one program, for other solvers."""

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
from service.files.text import fault
from service.files.writing import check_writable

ENDINGS = (".mps", ".mps.gz")
commands = typer.Typer(
    no_args_is_help=True, help="Write a case as one program in MPS, for other solvers."
)


@commands.callback()
def _group() -> None:  # pyright: ignore[reportUnusedFunction] - keeps `write` a word
    pass


@commands.command("write")
def write(  # noqa: PLR0913 - one for each option of the command
    case: CaseArgument,
    path: Annotated[
        Path, typer.Argument(metavar="FILE", help="Ends in .mps or .mps.gz.")
    ],
    *,
    scenarios: ScenariosOption = None,
    seed: SeedOption = None,
    relaxed: RelaxedOption = False,
    assignments: SetOption = None,
    as_json: JsonOption = False,
) -> None:
    """Write the extensive form of a case over its planning scenarios."""
    with reported(as_json=as_json):
        options = {"number_of_scenarios": scenarios, "seed": seed}
        instance = read_case(case, assignments, options)
        if not path.name.endswith(ENDINGS):
            raise fault(
                str(path), path.name, f"a name that ends in {' or '.join(ENDINGS)}"
            )
        check_writable(path)
        # The model takes a second to load: not for --help, nor for a wrong case.
        from service.optimization import write_mps  # noqa: PLC0415

        files = write_mps(instance, path, is_relaxed=relaxed)
        report_files(instance, files, as_json=as_json)
