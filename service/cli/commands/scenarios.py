"""strongroom scenarios: what a case is planned on, as a table that others can read."""

from pathlib import Path
from typing import Annotated

import typer

from models.reading import InvalidCaseError
from service.analyses.parameters import ScenariosParameters
from service.casefiles import path_of
from service.cli.analyses import (
    analysed,
    case_mistakes_of,
    parameters_of,
    run_of,
)
from service.cli.inputs import read_case
from service.cli.options import (
    CaseArgument,
    JsonOption,
    ScenariosOption,
    SeedOption,
    SetOption,
    StrictOption,
    parameter,
)
from service.cli.reporting import print_json, reported
from service.cli.scenario_files import check_ending
from service.cli.screen import echo
from service.files.writing import check_output, write_whole


def command(  # noqa: PLR0913 - one for each option of the command
    case: CaseArgument,
    *,
    output: Annotated[
        Path,
        typer.Option(
            metavar="FILE",
            help="File to write; ends in .parquet or .csv.",
            show_default=False,
        ),
    ],
    number_of_scenarios: ScenariosOption = None,
    seed: SeedOption = None,
    replays: Annotated[
        bool,
        parameter(ScenariosParameters, "replays", "--replays"),
    ] = False,
    assignments: SetOption = None,
    strict: StrictOption = False,
    as_json: JsonOption = False,
) -> None:
    """Write the planning scenarios of a case: a row for each scenario, period and item.

    Probability, stratum, availability by route, price, alert, gap and announcements by
    material, demand by product. solve, evaluate and others take the file, changed or
    not, as --scenarios-from FILE.
    """
    with reported(as_json=as_json):
        options = {"number_of_scenarios": number_of_scenarios, "seed": seed}
        instance = read_case(case, assignments, options, is_strict=strict)
        check_ending(output)
        check_output(output, {"the file of the case": path_of(case)})
        parameters = parameters_of(
            ScenariosParameters,
            command,
            replays=replays,
            file_format=output.suffix.removeprefix("."),
        )
        if mistakes := case_mistakes_of(parameters, command, instance):
            raise InvalidCaseError(mistakes)
        run = run_of(None, as_json=as_json)
        result = analysed("scenarios", instance, parameters, run)
        (file,) = result.files
        write_whole(file.content, output)
        if as_json:
            written = {"path": str(output), "bytes": len(file.content)}
            print_json({**result.answer, "file": written})
            return
        number = result.answer["number_of_scenarios"]
        echo(f"scenarios: {output}, {number:,} scenarios, {len(file.content):,} bytes")
