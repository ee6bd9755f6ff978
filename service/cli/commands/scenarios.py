"""strongroom scenarios: what a case is planned on, as a table that others can read."""

from pathlib import Path
from typing import Annotated

import typer

from models.mistakes import Mistake
from models.reading import InvalidCaseError
from service.casefiles import path_of
from service.cli.inputs import read_case
from service.cli.options import (
    CaseArgument,
    JsonOption,
    ScenariosOption,
    SeedOption,
    SetOption,
    StrictOption,
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
    scenarios: ScenariosOption = None,
    seed: SeedOption = None,
    replays: Annotated[
        bool,
        typer.Option(
            "--replays",
            help="The historic replays of the case instead, equally likely.",
        ),
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
        options = {"number_of_scenarios": scenarios, "seed": seed}
        instance = read_case(case, assignments, options, is_strict=strict)
        check_ending(output)
        check_output(output, {"the file of the case": path_of(case)})
        if replays and not instance.replays:
            raise InvalidCaseError([Mistake("replays", "none", "a case with replays")])
        from service.optimization import (  # noqa: PLC0415 - slow to load
            planning_table,
            replay_table,
        )
        from service.tabular.scenario_files import scenario_file  # noqa: PLC0415

        table = replay_table(instance) if replays else planning_table(instance)
        content = scenario_file(table, output.suffix)
        write_whole(content, output)
        number = len(table.texts["scenario"].words)
        if as_json:
            written = {"path": str(output), "bytes": len(content)}
            head = {} if table.head is None else table.head.model_dump(mode="json")
            print_json({**head, "file": written})
            return
        echo(f"scenarios: {output}, {number:,} scenarios, {len(content):,} bytes")
