"""strongroom pictures: a plan over time, as pictures for print."""

from enum import StrEnum
from functools import partial
from pathlib import Path
from typing import Annotated

import typer

from models.trajectories import PlanTrajectories
from service.cli.inputs import fresh_seed, read_case, read_plan_for, warnings_about
from service.cli.options import (
    DEFAULT_NUMBER_OF_SCENARIOS,
    CaseArgument,
    FreshOption,
    FreshSeedOption,
    JsonOption,
    PlanArgument,
    SetOption,
)
from service.cli.output_files import check_picture
from service.cli.reporting import print_json, reported
from service.cli.screen import print_tables, table
from service.files.writing import make_folder

NAMES = ("stock", "cost", "shortage")


class Format(StrEnum):
    """What kind of file a picture becomes."""

    SVG = "svg"
    PNG = "png"


DirectoryOption = Annotated[
    Path,
    typer.Option(
        metavar="DIR",
        help="Where the pictures go; made if it is not there.",
        show_default=False,
    ),
]
FormatOption = Annotated[Format, typer.Option("--format", help="Kind of file.")]


def command(  # noqa: PLR0913 - one for each option of the command
    case: CaseArgument,
    path: PlanArgument,
    *,
    directory: DirectoryOption,
    scenarios: FreshOption = DEFAULT_NUMBER_OF_SCENARIOS,
    seed: FreshSeedOption = None,
    picture_format: FormatOption = Format.SVG,
    assignments: SetOption = None,
    as_json: JsonOption = False,
) -> None:
    """Draw stock, cost and shortages of a plan on fresh scenarios."""
    with reported(as_json=as_json):
        instance = read_case(case, assignments)
        plan = read_plan_for(instance, path)
        files = {name: directory / f"{name}.{picture_format.value}" for name in NAMES}
        make_folder(directory)
        for file in files.values():
            check_picture(file)
        # The simulator takes a second to load: not for --help, nor for a wrong case.
        from service.optimization import trajectories  # noqa: PLC0415

        found = trajectories(
            instance,
            plan,
            number_of_scenarios=scenarios,
            seed=fresh_seed(plan, seed),
        )
        _draw(found, files)
        _report(found, warnings_about(instance, plan), files, as_json=as_json)


def _draw(found: PlanTrajectories, files: dict[str, Path]) -> None:
    # The drawing library takes half a second to load.
    from service.pictures.cost import cost_picture  # noqa: PLC0415
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


def _report(
    found: PlanTrajectories,
    warnings: list[str],
    files: dict[str, Path],
    *,
    as_json: bool,
) -> None:
    if as_json:
        listed = {name: str(file) for name, file in files.items()}
        document = found.model_dump(mode="json")
        print_json({**document, "warnings": warnings, "files": listed})
        return
    for warning in warnings:
        typer.echo(f"warning: {warning}", err=True)
    title = f"On {found.scenarios:,} fresh scenarios, seed {found.seed}"
    written = table(title, "picture", "file", "bytes", left=2)
    for name, file in files.items():
        written.add_row(name, str(file), f"{file.stat().st_size:,}")
    print_tables(written)
