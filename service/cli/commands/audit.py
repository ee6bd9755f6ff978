"""strongroom audit: everything about a plan that an auditor asks for, in one zip."""

from pathlib import Path
from typing import Annotated

import typer

from models.manifest import FreshSample, Manifest
from models.outcome import ProgressLog
from service.cli.exit_status import ExitStatus
from service.cli.inputs import (
    fresh_seed,
    planned_options,
    read_case,
    read_plan_for,
    warnings_about,
)
from service.cli.options import (
    DEFAULT_NUMBER_OF_SCENARIOS,
    DEFAULT_PRICE_TRIGGER,
    DEFAULT_VALUE_SCENARIOS,
    CaseArgument,
    ExecutorOption,
    FreshOption,
    FreshSeedOption,
    JsonOption,
    PlanArgument,
    SetOption,
    TriggerOption,
    ValueOption,
    chosen_executor,
)
from service.cli.reporting import print_json, reported
from service.cli.screen import print_tables, silent, table
from service.files.progress_logs import read_log
from service.files.text import fault
from service.files.writing import check_writable, write_whole

OutputOption = Annotated[
    Path,
    typer.Option(metavar="FILE", help="The zip to write.", show_default=False),
]
LogOption = Annotated[
    Path | None,
    typer.Option(
        metavar="FILE",
        help="The log of the solve (solve --log), to be checked and kept too.",
        show_default=False,
    ),
]
SensitivityOption = Annotated[
    bool,
    typer.Option(
        "--sensitivity/--no-sensitivity",
        help="Solve the case under other assumptions too, which takes long.",
    ),
]


def command(  # noqa: PLR0913 - one for each option of the command
    case: CaseArgument,
    path: PlanArgument,
    *,
    output: OutputOption,
    log: LogOption = None,
    scenarios: FreshOption = DEFAULT_NUMBER_OF_SCENARIOS,
    seed: FreshSeedOption = None,
    price_trigger: TriggerOption = DEFAULT_PRICE_TRIGGER,
    value_scenarios: ValueOption = DEFAULT_VALUE_SCENARIOS,
    sensitivity: SensitivityOption = False,
    executor: ExecutorOption = None,
    assignments: SetOption = None,
    as_json: JsonOption = False,
) -> None:
    """Check a plan anew and write all about it into one zip, with a report to print.

    Exit status 5: the file is written, and a check in it failed.
    """
    with reported(as_json=as_json):
        instance = read_case(case, assignments)
        plan = read_plan_for(instance, path)
        warnings = warnings_about(instance, plan)
        _check_output(output, Path(case), path, log)
        as_solved = instance.model_copy(update={"options": planned_options(plan)})
        records = () if log is None else read_log(log)
        fresh = FreshSample(
            number_of_scenarios=scenarios,
            seed=fresh_seed(plan, seed),
            price_trigger=price_trigger,
            value_scenarios=value_scenarios,
        )
        # The simulator takes a second to load: not for --help, nor for a wrong case.
        from service.cli.dossier.assembling import audit  # noqa: PLC0415
        from service.cli.dossier.parts import Request  # noqa: PLC0415
        from service.dossier.files import HandedIn  # noqa: PLC0415

        handed_in = HandedIn(
            case=as_solved,
            plan=plan,
            plan_file=path.read_bytes(),
            log=ProgressLog(records=records),
            log_file=None if log is None else log.read_bytes(),
        )
        tell = silent if as_json else _tell
        request = Request(
            as_solved, plan, fresh, chosen_executor(executor), tell, sensitivity
        )
        made = audit(handed_in, request, warnings)
        write_whole(made.archive, output)
        _report(made.manifest, output, len(made.archive), as_json=as_json)
        failed = ExitStatus.CHECK_FAILED
        raise typer.Exit(ExitStatus.SUCCESS if made.manifest.is_passed else failed)


def _check_output(output: Path, *taken: Path | None) -> None:
    check_writable(output)
    read = [path for path in taken if path is not None and path.exists()]
    if output.exists() and any(output.samefile(path) for path in read):
        raise fault(str(output), "a file that the audit reads", "another file")


def _tell(part: str) -> None:
    typer.echo(f"audit: {part}", err=True)


def _report(manifest: Manifest, output: Path, size: int, *, as_json: bool) -> None:
    if as_json:
        document = manifest.model_dump(mode="json")
        print_json({**document, "output": str(output), "bytes": size})
        return
    for warning in manifest.warnings:
        typer.echo(f"warning: {warning}", err=True)
    files = table("Files", "file", "bytes", "SHA-256")
    tables = [file for file in manifest.files if file.name.startswith("tables/")]
    for file in manifest.files:
        if file not in tables:
            files.add_row(file.name, f"{file.bytes:,}", file.sha256[:12])
    files.add_row(
        f"tables/ ({len(tables)})", f"{sum(file.bytes for file in tables):,}", ""
    )
    checks = table("Checks", "check", "result", left=2)
    for check in manifest.checks:
        checks.add_row(check.name, "passed" if check.is_passed else "FAILED")
    print_tables(files, checks)
    typer.echo(f"audit: {output}, {size:,} bytes")
