"""strongroom audit: the dossier of a plan, one zip for an auditor."""

from dataclasses import replace
from pathlib import Path
from typing import Annotated

import typer

from models.manifest import Manifest
from models.outcome import SolveLog
from service.analyses.parameters import (
    DEFAULT_NUMBER_OF_SCENARIOS,
    DEFAULT_PRICE_TRIGGER,
    DEFAULT_VALUE_SCENARIOS,
    DossierParameters,
)
from service.analyses.planned_case import planned_options
from service.casefiles import path_of
from service.cli.analyses import parameters_of, run_of
from service.cli.exit_status import ExitStatus
from service.cli.inputs import read_planned_case
from service.cli.options import (
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
    parameter,
)
from service.cli.reporting import print_json, reported
from service.cli.scenario_files import ScenariosFromOption
from service.cli.screen import echo, print_tables, silent
from service.files.progress_logs import read_log
from service.files.writing import check_output, write_whole
from service.printing.table import table

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
    parameter(DossierParameters, "sensitivity", "--sensitivity/--no-sensitivity"),
]


def command(  # noqa: PLR0913 - one for each option of the command
    case: CaseArgument,
    path: PlanArgument,
    *,
    output: OutputOption,
    log: LogOption = None,
    number_of_scenarios: FreshOption = DEFAULT_NUMBER_OF_SCENARIOS,
    seed: FreshSeedOption = None,
    price_trigger: TriggerOption = DEFAULT_PRICE_TRIGGER,
    value_scenarios: ValueOption = DEFAULT_VALUE_SCENARIOS,
    sensitivity: SensitivityOption = False,
    scenarios_from: ScenariosFromOption = None,
    executor: ExecutorOption = None,
    assignments: SetOption = None,
    strict: StrictOption = False,
    as_json: JsonOption = False,
) -> None:
    """Check a plan again and write everything about it to one zip, with a report.

    Exit status 5: the zip is written, and a check failed.
    """
    with reported(as_json=as_json):
        parameters = parameters_of(
            DossierParameters,
            command,
            number_of_scenarios=number_of_scenarios,
            seed=seed,
            price_trigger=price_trigger,
            value_scenarios=value_scenarios,
            sensitivity=sensitivity,
        )
        given = read_planned_case(case, path, assignments, is_strict=strict)
        others = {"case": path_of(case), "plan": path, "log": log}
        check_output(output, {f"the file of the {k}": x for k, x in others.items()})
        options = planned_options(given.plan)
        records = () if log is None else read_log(log)
        from service.analyses.dossier.running import (  # noqa: PLC0415 - slow to load
            audited,
        )
        from service.dossier.files import HandedIn  # noqa: PLC0415

        handed_in = HandedIn(
            case=given.instance.model_copy(update={"options": options}),
            plan=given.plan,
            plan_file=path.read_bytes(),
            log=SolveLog(records=records),
            log_file=None if log is None else log.read_bytes(),
        )
        run = replace(
            run_of(executor, as_json=as_json, scenarios_from=scenarios_from),
            on_progress=silent if as_json else _print_stage,
        )
        result = audited(handed_in, given, parameters, run)
        (file,) = result.files
        write_whole(file.content, output)
        manifest = result.found
        assert isinstance(manifest, Manifest)  # noqa: S101 - what it finds
        if as_json:
            size = len(file.content)
            print_json({**result.answer, "output": str(output), "bytes": size})
        else:
            _print(manifest, output, len(file.content))
        failed = ExitStatus.CHECK_FAILED
        raise typer.Exit(ExitStatus.SUCCESS if manifest.is_passed else failed)


def _print_stage(part: str) -> None:
    echo(f"audit: {part}", err=True)


def _print(manifest: Manifest, output: Path, size: int) -> None:
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
