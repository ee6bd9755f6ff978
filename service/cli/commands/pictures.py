"""strongroom pictures: a plan over time, as pictures for print."""

from enum import StrEnum
from functools import partial
from pathlib import Path
from typing import Annotated

import typer

from models.trajectories import PlanTrajectories
from service.cli.inputs import read_planned_case
from service.cli.options import (
    DEFAULT_NUMBER_OF_SCENARIOS,
    CaseArgument,
    FreshOption,
    FreshSeedOption,
    JsonOption,
    PlanArgument,
    SetOption,
    StrictOption,
)
from service.cli.output_files import check_picture
from service.cli.reporting import print_document, reported
from service.cli.screen import print_tables, table
from service.files.writing import make_folder

NAMES = ("stock", "cost", "shortage")


class PictureFormat(StrEnum):
    """The format of a picture."""

    SVG = "svg"
    PNG = "png"


DirectoryOption = Annotated[
    Path,
    typer.Option(
        metavar="DIR",
        help="Folder for the pictures; created if absent.",
        show_default=False,
    ),
]
FormatOption = Annotated[PictureFormat, typer.Option("--format", help="File format.")]


def command(  # noqa: PLR0913 - one for each option of the command
    case: CaseArgument,
    path: PlanArgument,
    *,
    directory: DirectoryOption,
    scenarios: FreshOption = DEFAULT_NUMBER_OF_SCENARIOS,
    seed: FreshSeedOption = None,
    picture_format: FormatOption = PictureFormat.SVG,
    assignments: SetOption = None,
    strict: StrictOption = False,
    as_json: JsonOption = False,
) -> None:
    """Draw stock, cost and shortages of a plan on fresh scenarios."""
    with reported(as_json=as_json):
        given = read_planned_case(case, path, assignments, is_strict=strict)
        files = {name: directory / f"{name}.{picture_format.value}" for name in NAMES}
        make_folder(directory)
        for file in files.values():
            check_picture(file)
        from service.optimization import trajectories  # noqa: PLC0415 - slow to load

        found = trajectories(
            given.instance,
            given.plan,
            number_of_scenarios=scenarios,
            seed=given.fresh_seed(seed),
        )
        _draw(found, files)
        if as_json:
            listed = {name: str(file) for name, file in files.items()}
            print_document(found, warnings=given.warnings, files=listed)
            return
        title = f"On {found.scenarios:,} fresh scenarios, seed {found.seed}"
        written = table(title, "picture", "file", "bytes", left=2)
        for name, file in files.items():
            written.add_row(name, str(file), f"{file.stat().st_size:,}")
        print_tables(written, warnings=given.warnings)


def _draw(found: PlanTrajectories, files: dict[str, Path]) -> None:
    from service.pictures.cost import cost_picture  # noqa: PLC0415 - slow to load
    from service.pictures.shortage import shortage_picture  # noqa: PLC0415
    from service.pictures.stock import stock_picture  # noqa: PLC0415
    from service.pictures.style import save  # noqa: PLC0415

    pictures = {
        "stock": stock_picture,
        "cost": cost_picture,
        "shortage": shortage_picture,
    }
    for name, file in files.items():
        save(partial(pictures[name], found), file)
