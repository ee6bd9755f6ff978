"""strongroom smps and strongroom mps: a case for other solvers; a problem in SMPS."""

from collections.abc import Iterable
from pathlib import Path
from typing import Annotated

import typer

from models.instance import Instance
from service.cli.exit_status import EXPLANATION
from service.cli.inputs import case_warnings, read_case
from service.cli.options import (
    CaseArgument,
    JsonOption,
    ScenariosOption,
    SeedOption,
    SetOption,
    StrictOption,
)
from service.cli.reporting import print_json, reported
from service.cli.screen import print_tables, table
from service.cli.tables.smps import show_exact, show_sampled
from service.files.text import fault
from service.files.writing import check_writable

ENDINGS = (".mps", ".mps.gz")

RelaxedOption = Annotated[
    bool,
    typer.Option(
        "--relaxed", help="Omit integrality: no tranches, lots or other integers."
    ),
]

smps = typer.Typer(
    no_args_is_help=True,
    help="Write a case as a two-stage problem in SMPS, or solve such a problem.",
)
mps = typer.Typer(
    no_args_is_help=True, help="Write a case as one program in MPS, for other solvers."
)


@mps.callback()
def _group() -> None:  # pyright: ignore[reportUnusedFunction] - so that `write` is a command
    pass


@smps.command("write")
def write_smps(  # noqa: PLR0913 - one for each option of the command
    case: CaseArgument,
    directory: Annotated[
        Path,
        typer.Argument(metavar="DIR", help="Folder to write to; created if absent."),
    ],
    *,
    scenarios: ScenariosOption = None,
    seed: SeedOption = None,
    relaxed: RelaxedOption = False,
    assignments: SetOption = None,
    strict: StrictOption = False,
    as_json: JsonOption = False,
) -> None:
    """Write a case over its planning scenarios as core, time and stoch file."""
    with reported(as_json=as_json):
        options = {"number_of_scenarios": scenarios, "seed": seed}
        instance = read_case(case, assignments, options, is_strict=strict)
        _make(directory)
        from service import optimization  # noqa: PLC0415 - slow to load

        files = optimization.write_smps(instance, directory, is_relaxed=relaxed)
        _report_files(instance, files, as_json=as_json)


@mps.command("write")
def write_mps(  # noqa: PLR0913 - one for each option of the command
    case: CaseArgument,
    path: Annotated[
        Path,
        typer.Argument(metavar="FILE", help="File to write; ends in .mps or .mps.gz."),
    ],
    *,
    scenarios: ScenariosOption = None,
    seed: SeedOption = None,
    relaxed: RelaxedOption = False,
    assignments: SetOption = None,
    strict: StrictOption = False,
    as_json: JsonOption = False,
) -> None:
    """Write a case over its planning scenarios as one program."""
    with reported(as_json=as_json):
        options = {"number_of_scenarios": scenarios, "seed": seed}
        instance = read_case(case, assignments, options, is_strict=strict)
        if not path.name.endswith(ENDINGS):
            expected = f"a name that ends in {' or '.join(ENDINGS)}"
            raise fault(str(path), path.name, expected)
        check_writable(path)
        from service import optimization  # noqa: PLC0415 - slow to load

        files = optimization.write_mps(instance, path, is_relaxed=relaxed)
        _report_files(instance, files, as_json=as_json)


@smps.command("solve")
def solve_smps(  # noqa: PLR0913 - one for each option of the command
    directory: Annotated[
        Path,
        typer.Argument(
            metavar="DIR", help="Folder with a core, a time and a stoch file."
        ),
    ],
    *,
    gap: Annotated[float, typer.Option(min=0, help="Relative gap to stop at.")] = 1e-4,
    time_limit: Annotated[
        float, typer.Option(min=0, help="Time limit in seconds.")
    ] = 600.0,
    scenarios: Annotated[
        int | None,
        typer.Option(
            min=1,
            help="Draw samples of this many scenarios, 200 if there are more than "
            "100,000. Without it fewer are solved exactly.",
            show_default=False,
        ),
    ] = None,
    replications: Annotated[
        int | None,
        typer.Option(
            min=2, help="Number of samples, 10 by default.", show_default=False
        ),
    ] = None,
    evaluation_scenarios: Annotated[
        int | None,
        typer.Option(
            min=2,
            help="Fresh scenarios for the cost of the first stage, 2,000 by default.",
            show_default=False,
        ),
    ] = None,
    seed: Annotated[
        int | None,
        typer.Option(
            min=0, help="Seed of the samples, 1 by default.", show_default=False
        ),
    ] = None,
    as_json: JsonOption = False,
) -> None:
    """Solve the linear relaxation of a two-stage problem by decomposition.

    More than 100,000 scenarios are sampled, and the bounds are then estimates with
    95 % intervals. A first stage and its objective count as a plan.
    """
    chosen = {
        "number_of_scenarios": scenarios,
        "replications": replications,
        "evaluation_scenarios": evaluation_scenarios,
        "seed": seed,
    }
    given = {name: value for name, value in chosen.items() if value is not None}
    with reported(as_json=as_json):
        from service import optimization  # noqa: PLC0415 - slow to load

        found = optimization.solve_smps(
            directory,
            gap=gap,
            time_limit_s=time_limit,
            sizes=optimization.SampleSizes(**given),
            is_sampled=scenarios is not None,
        )
        if isinstance(found, optimization.SampledSolution):
            status = show_sampled(found, str(directory), as_json=as_json)
        else:
            status = show_exact(found, str(directory), bool(given), as_json=as_json)
        raise typer.Exit(status)


solve_smps.__doc__ = f"{solve_smps.__doc__}\n\n    {EXPLANATION}"


def _make(directory: Path) -> None:
    """Make the directory; raise InvalidCaseError if no file can be written there."""
    try:
        directory.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        reason = error.strerror or type(error).__name__
        raise fault(str(directory), reason, "a directory to write to") from None
    check_writable(directory / "core.mps")


def _report_files(instance: Instance, files: Iterable[Path], *, as_json: bool) -> None:
    """Print which files were written and their sizes."""
    sizes = {str(path): path.stat().st_size for path in files}
    number = instance.options.number_of_scenarios
    warnings = case_warnings(instance)
    if as_json:
        listed = [{"path": path, "bytes": size} for path, size in sizes.items()]
        print_json(
            {
                "instance": instance.id,
                "scenarios": number,
                "files": listed,
                "warnings": warnings,
            }
        )
        return
    written = table(f"{instance.id}, {number} scenarios", "file", "bytes")
    for path, size in sizes.items():
        written.add_row(path, f"{size:,}")
    print_tables(written, warnings=warnings)
