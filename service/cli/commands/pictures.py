"""strongroom pictures: a plan over time, as pictures for print."""

from pathlib import Path
from typing import Annotated

import typer

from models.trajectories import PlanTrajectories
from service.analyses.parameters import (
    DEFAULT_NUMBER_OF_SCENARIOS,
    PictureFormat,
    PicturesParameters,
)
from service.cli.analyses import analysed, parameters_of, run_of
from service.cli.inputs import read_planned_case
from service.cli.options import (
    CaseArgument,
    FreshOption,
    FreshSeedOption,
    JsonOption,
    PlanArgument,
    SetOption,
    StrictOption,
    parameter,
)
from service.cli.output_files import check_picture
from service.cli.reporting import print_json, reported
from service.cli.screen import print_tables
from service.files.writing import make_folder
from service.printing.table import table

NAMES = ("stock", "cost", "shortage")

DirectoryOption = Annotated[
    Path,
    typer.Option(
        metavar="DIR",
        help="Folder for the pictures; created if absent.",
        show_default=False,
    ),
]
FormatOption = Annotated[
    PictureFormat, parameter(PicturesParameters, "picture_format", "--format")
]


def command(  # noqa: PLR0913 - one for each option of the command
    case: CaseArgument,
    path: PlanArgument,
    *,
    directory: DirectoryOption,
    number_of_scenarios: FreshOption = DEFAULT_NUMBER_OF_SCENARIOS,
    seed: FreshSeedOption = None,
    picture_format: FormatOption = PictureFormat.SVG,
    assignments: SetOption = None,
    strict: StrictOption = False,
    as_json: JsonOption = False,
) -> None:
    """Draw stock, cost and shortages of a plan on fresh scenarios."""
    with reported(as_json=as_json):
        parameters = parameters_of(
            PicturesParameters,
            command,
            number_of_scenarios=number_of_scenarios,
            seed=seed,
            picture_format=picture_format,
        )
        given = read_planned_case(case, path, assignments, is_strict=strict)
        files = {name: directory / f"{name}.{picture_format.value}" for name in NAMES}
        make_folder(directory)
        for file in files.values():
            check_picture(file)
        run = run_of(None, as_json=as_json)
        result = analysed("pictures", given, parameters, run)
        for file in result.files:
            (directory / file.name).write_bytes(file.content)
        if as_json:
            listed = {name: str(file) for name, file in files.items()}
            print_json({**result.answer, "files": listed})
            return
        found = result.found
        assert isinstance(found, PlanTrajectories)  # noqa: S101 - what it finds
        title = f"On {found.scenarios:,} fresh scenarios, seed {found.seed}"
        written = table(title, "picture", "file", "bytes", left=2)
        for name, file in files.items():
            written.add_row(name, str(file), f"{file.stat().st_size:,}")
        print_tables(written, warnings=given.warnings)
