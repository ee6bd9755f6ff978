"""strongroom frontier: a case solved for several budgets."""

from collections.abc import Callable, Sequence
from functools import partial
from pathlib import Path
from typing import Annotated, Any

import typer

from models.frontier import Against, Frontier
from models.instance import Instance
from models.mistakes import Mistake
from models.reading import InvalidCaseError
from service.analyses.budgets import NUMBER_OF_POINTS, SPAN
from service.analyses.parameters import FrontierParameters
from service.analyses.run import AnalysisFile, AnalysisResult
from service.cli.analyses import (
    analysed_until_asked,
    local,
    named_by_option,
    parameters_of,
    picture_format,
    run_of,
    write_picture,
)
from service.cli.answers import print_conflict
from service.cli.exit_status import ExitStatus, status_of
from service.cli.inputs import attempted, read_case
from service.cli.options import (
    CaseArgument,
    ExecutorOption,
    JsonOption,
    PictureOption,
    SetOption,
    StrictOption,
    parameter,
)
from service.cli.output_files import PlanFolder, check_picture
from service.cli.reporting import print_json, reported
from service.cli.screen import echo, print_tables, silent
from service.printing.quantities import money
from service.printing.variations import budgets

STOPPING = "stopping after the present budget"

_option = partial(parameter, FrontierParameters)
FromOption = Annotated[
    float | None,
    _option("smallest_factor", "--from", metavar="FACTOR", show_default=f"{SPAN[0]:g}"),
]
ToOption = Annotated[
    float | None,
    _option("largest_factor", "--to", metavar="FACTOR", show_default=f"{SPAN[1]:g}"),
]
PointsOption = Annotated[
    int | None,
    _option(
        "number_of_points",
        "--points",
        metavar="NUMBER",
        show_default=f"{NUMBER_OF_POINTS}",
    ),
]
BudgetOption = Annotated[
    list[float] | None,
    _option("budgets_usd", "--budget", metavar="USD", show_default=False),
]
PlansOption = Annotated[
    Path | None,
    typer.Option(
        metavar="DIR",
        help="Folder for the plan of each budget; created if absent.",
        show_default=False,
    ),
]


def command(  # noqa: PLR0913 - one for each option of the command
    case: CaseArgument,
    *,
    smallest_factor: FromOption = None,
    largest_factor: ToOption = None,
    number_of_points: PointsOption = None,
    budgets_usd: BudgetOption = None,
    plans: PlansOption = None,
    picture: PictureOption = None,
    against: Annotated[Against, _option("against")] = Against.BUDGET,
    executor: ExecutorOption = None,
    assignments: SetOption = None,
    strict: StrictOption = False,
    as_json: JsonOption = False,
) -> None:
    """Solve a case for a range of budgets. Ctrl-C stops after the current one."""
    with reported(as_json=as_json):
        parameters = parameters_of(
            FrontierParameters,
            command,
            smallest_factor=smallest_factor,
            largest_factor=largest_factor,
            number_of_points=number_of_points,
            budgets_usd=budgets_usd,
            plans=plans is not None,
            picture=picture_format(picture),
            against=against,
        )
        read = partial(read_case, case, assignments, is_strict=strict)
        instance = _checked(read, parameters, picture)
        log = silent if as_json else partial(echo, err=True)
        folder = None if plans is None else PlanFolder(plans, log)
        result = analysed_until_asked(
            "frontier",
            instance,
            parameters,
            lambda is_asked: run_of(
                executor,
                as_json=as_json,
                is_interrupted=is_asked,
                on_file=_ignored if folder is None else folder.keep,
            ),
            STOPPING,
        )
        write_picture(result, picture)
        found = result.found
        assert isinstance(found, Frontier)  # noqa: S101 - what it finds
        files = None if folder is None else folder.files(found.points)
        if as_json:
            there: dict[str, Any] = {"plans": files, "picture": local(picture)}
            print_json({**result.answer, **there})
        else:
            _print(result, found, files, picture)
        status = status_of(
            [x.termination for x in found.points],
            has_plan=any(x.plan_hash is not None for x in found.points),
        )
        if status is not ExitStatus.SUCCESS:
            raise typer.Exit(status)


def _ignored(file: AnalysisFile) -> None:
    """Keep no file beside the answer."""


def _checked(
    read: Callable[[], Instance], requested: FrontierParameters, picture: Path | None
) -> Instance:
    """Return the case, or raise InvalidCaseError with every mistake of the call."""
    mistakes: list[Mistake] = []
    instance = attempted(read, mistakes)
    financing = None if instance is None else instance.financing
    mistakes += named_by_option(requested.budgets.mistakes(financing), command)
    attempted(lambda: check_picture(picture), mistakes)
    if instance is None or mistakes:
        raise InvalidCaseError(mistakes)
    return instance


def _print(
    result: AnalysisResult,
    found: Frontier,
    files: Sequence[str | None] | None,
    picture: Path | None,
) -> None:
    shown = budgets(found) if found.points else "No budget was solved."
    print_tables(shown, warnings=result.document["warnings"])
    for point in found.points:
        if point.conflict:
            print_conflict(money(point.budget_usd), point.conflict)
    for file in files or ():
        if file is not None:
            echo(f"Plan: {file}")
    print_tables(picture=picture)
