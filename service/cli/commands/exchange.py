"""strongroom smps and strongroom mps: a case for other solvers; a problem in SMPS."""

from collections.abc import Iterable, Iterator
from math import isfinite
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from models.instance import Instance
from service.cli.exit_status import EXPLANATION, ExitStatus, status_of
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
from service.cli.screen import echo, print_tables, table
from service.files.text import fault
from service.files.writing import check_writable

if TYPE_CHECKING:
    from service.optimization import SmpsSolution

ENDINGS = (".mps", ".mps.gz")
INTEGERS = (
    "integers were left out: the bound holds for the problem, the objective is that of "
    "its linear relaxation"
)
NAMES_SHOWN = 5

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
def solve_smps(
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
    as_json: JsonOption = False,
) -> None:
    """Solve the linear relaxation of a two-stage problem by decomposition.

    A first stage and its objective count as a plan.
    """
    with reported(as_json=as_json):
        from service import optimization  # noqa: PLC0415 - slow to load

        found = optimization.solve_smps(directory, gap=gap, time_limit_s=time_limit)
        status = _show_solution(found, directory, as_json=as_json)
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


def _show_solution(
    found: "SmpsSolution", directory: Path, *, as_json: bool
) -> ExitStatus:
    """Print bound, objective, gap and iterations; return the exit status."""
    status = status_of([found.termination], has_plan=isfinite(found.objective))
    figures: dict[str, float] = {
        "lower_bound": found.lower_bound,
        "objective": found.objective,
        "gap": found.gap,
    }
    if as_json:
        known = {k: v if isfinite(v) else None for k, v in figures.items()}
        ended = {
            "iterations": found.number_of_rounds,
            "seconds": round(found.seconds, 3),
            "notes": list(_notes(found)),
        }
        print_json({"status": found.termination.value, **known, **ended})
        return status
    solved = table(str(directory), "", "")
    solved.add_row("Status", found.termination.value)
    solved.add_row("Lower bound", _figure(found.lower_bound))
    solved.add_row("Objective", _figure(found.objective))
    solved.add_row("Gap", f"{found.gap:.2e}" if isfinite(found.gap) else "-")
    solved.add_row("Iterations", str(found.number_of_rounds))
    solved.add_row("Seconds", f"{found.seconds:.1f}")
    print_tables(solved)
    for note in _notes(found):
        echo(f"note: {note}")
    return status


def _figure(value: float) -> str:
    return f"{value:.10g}" if isfinite(value) else "-"


def _notes(found: "SmpsSolution") -> Iterator[str]:
    if found.failure is not None:
        yield f"ended early: {found.failure}"
    if found.has_integers:
        yield INTEGERS
    if found.wide_columns:
        first = ", ".join(found.wide_columns[:NAMES_SHOWN])
        dots = ", ..." if len(found.wide_columns) > NAMES_SHOWN else ""
        number = len(found.wide_columns)
        yield (
            f"nothing bounds {number} columns of the first stage ({first}{dots}): the "
            "lower bound holds as long as none is beyond 1e9"
        )
