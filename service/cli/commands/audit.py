"""strongroom audit: the dossier of a plan, one zip for an auditor."""

from pathlib import Path
from typing import Annotated

import typer

from models.manifest import FreshSample, Manifest
from models.outcome import SolveLog
from service.casefiles import path_of
from service.cli.exit_status import ExitStatus
from service.cli.inputs import planned_options, read_planned_case
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
    StrictOption,
    TriggerOption,
    ValueOption,
    chosen_executor,
)
from service.cli.reporting import print_document, reported
from service.cli.screen import echo, print_tables, silent, table
from service.files.progress_logs import read_log
from service.files.text import fault
from service.files.writing import check_writable, write_whole

OutputOption = Annotated[
    Path,
    typer.Option(metavar="FILE", help="Zip file to write.", show_default=False),
]
LogOption = Annotated[
    Path | None,
    typer.Option(
        metavar="FILE",
        help="Log of the solve (solve --log), to check and to include.",
        show_default=False,
    ),
]
SensitivityOption = Annotated[
    bool,
    typer.Option(
        "--sensitivity/--no-sensitivity",
        help="Also solve the case under other assumptions, which takes long.",
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
    strict: StrictOption = False,
    as_json: JsonOption = False,
) -> None:
    """Check a plan again and write everything about it to one zip, with a report.

    Exit status 5: the zip is written, and a check failed.
    """
    with reported(as_json=as_json):
        given = read_planned_case(case, path, assignments, is_strict=strict)
        plan, warnings = given.plan, given.plan_warnings
        _check_output(output, path_of(case), path, log)
        options = planned_options(plan)
        as_solved = given.instance.model_copy(update={"options": options})
        records = () if log is None else read_log(log)
        fresh = FreshSample(
            number_of_scenarios=scenarios,
            seed=given.fresh_seed(seed),
            price_trigger=price_trigger,
            value_scenarios=value_scenarios,
        )
        from service.cli.dossier.assembling import (  # noqa: PLC0415 - slow to load
            assemble,
        )
        from service.cli.dossier.parts import DossierRequest  # noqa: PLC0415
        from service.dossier.files import HandedIn  # noqa: PLC0415

        handed_in = HandedIn(
            case=as_solved,
            plan=plan,
            plan_file=path.read_bytes(),
            log=SolveLog(records=records),
            log_file=None if log is None else log.read_bytes(),
        )
        on_stage = silent if as_json else _print_stage
        request = DossierRequest(
            as_solved, plan, fresh, chosen_executor(executor), on_stage, sensitivity
        )
        dossier = assemble(handed_in, request, warnings)
        write_whole(dossier.archive, output)
        _report(dossier.manifest, output, len(dossier.archive), as_json=as_json)
        failed = ExitStatus.CHECK_FAILED
        raise typer.Exit(ExitStatus.SUCCESS if dossier.manifest.is_passed else failed)


def _check_output(output: Path, *inputs: Path | None) -> None:
    check_writable(output)
    read = [path for path in inputs if path is not None and path.exists()]
    if output.exists() and any(output.samefile(path) for path in read):
        raise fault(str(output), "a file that the audit reads", "another file")


def _print_stage(part: str) -> None:
    echo(f"audit: {part}", err=True)


def _report(manifest: Manifest, output: Path, size: int, *, as_json: bool) -> None:
    if as_json:
        print_document(manifest, output=output, bytes=size)
        return
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
    print_tables(files, checks, warnings=manifest.warnings)
    echo(f"audit: {output}, {size:,} bytes")
