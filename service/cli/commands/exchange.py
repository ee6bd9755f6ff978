"""strongroom smps and strongroom mps: a case for other solvers; a problem in SMPS."""

from collections.abc import Mapping
from pathlib import Path
from typing import Annotated

import typer

from service.analyses.parameters import MpsParameters, SmpsParameters
from service.analyses.run import AnalysisResult
from service.casefiles import path_of
from service.cli.analyses import analysed, run_of
from service.cli.exit_status import EXPLANATION
from service.cli.inputs import read_case
from service.cli.options import (
    CaseArgument,
    JsonOption,
    RelaxedOption,
    ScenariosOption,
    SeedOption,
    SetOption,
    StrictOption,
)
from service.cli.reporting import print_json, reported
from service.cli.screen import print_tables
from service.cli.tables.smps import show_exact, show_sampled
from service.files.text import fault
from service.files.writing import check_output, check_writable, write_whole
from service.printing.table import table

COMPRESSED = ".gz"
ENDINGS = (".mps", f".mps{COMPRESSED}")

smps = typer.Typer(
    no_args_is_help=True,
    help="Write a case as a two-stage problem in SMPS, or solve such a problem.",
)
mps = typer.Typer(
    no_args_is_help=True, help="Write a case as one program in MPS, for other solvers."
)


@mps.callback()
def _group() -> None:  # so that `write` is a command
    pass


@smps.command("write")
def write_smps(  # noqa: PLR0913 - one for each option of the command
    case: CaseArgument,
    directory: Annotated[
        Path,
        typer.Argument(metavar="DIR", help="Folder to write to; created if absent."),
    ],
    *,
    number_of_scenarios: ScenariosOption = None,
    seed: SeedOption = None,
    is_relaxed: RelaxedOption = False,
    assignments: SetOption = None,
    strict: StrictOption = False,
    as_json: JsonOption = False,
) -> None:
    """Write a case over its planning scenarios as core, time and stoch file."""
    with reported(as_json=as_json):
        options = {"number_of_scenarios": number_of_scenarios, "seed": seed}
        instance = read_case(case, assignments, options, is_strict=strict)
        _make(directory)
        parameters = SmpsParameters(is_relaxed=is_relaxed)
        run = run_of(None, as_json=as_json)
        result = analysed("smps", instance, parameters, run)
        files = {directory / file.name: file.content for file in result.files}
        _write(result, files, as_json=as_json)


@mps.command("write")
def write_mps(  # noqa: PLR0913 - one for each option of the command
    case: CaseArgument,
    path: Annotated[
        Path,
        typer.Argument(metavar="FILE", help="File to write; ends in .mps or .mps.gz."),
    ],
    *,
    number_of_scenarios: ScenariosOption = None,
    seed: SeedOption = None,
    is_relaxed: RelaxedOption = False,
    assignments: SetOption = None,
    strict: StrictOption = False,
    as_json: JsonOption = False,
) -> None:
    """Write a case over its planning scenarios as one program."""
    with reported(as_json=as_json):
        options = {"number_of_scenarios": number_of_scenarios, "seed": seed}
        instance = read_case(case, assignments, options, is_strict=strict)
        if not path.name.endswith(ENDINGS):
            expected = f"a name that ends in {' or '.join(ENDINGS)}"
            raise fault(str(path), path.name, expected)
        check_output(path, {"the file of the case": path_of(case)})
        is_compressed = path.suffix == COMPRESSED
        parameters = MpsParameters(is_relaxed=is_relaxed, is_compressed=is_compressed)
        run = run_of(None, as_json=as_json)
        result = analysed("mps", instance, parameters, run)
        _write(result, {path: result.files[0].content}, as_json=as_json)


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


def _write(
    result: AnalysisResult, files: Mapping[Path, bytes], *, as_json: bool
) -> None:
    """Write files, and print their sizes."""
    for path, content in files.items():
        write_whole(content, path)
    sizes = {str(path): len(content) for path, content in files.items()}
    document = result.document
    if as_json:
        listed = [{"path": path, "bytes": size} for path, size in sizes.items()]
        print_json({**result.answer, "files": listed})
        return
    title = f"{document['instance']}, {document['scenarios']} scenarios"
    written = table(title, "file", "bytes")
    for path, size in sizes.items():
        written.add_row(path, f"{size:,}")
    print_tables(written, warnings=document["warnings"])
