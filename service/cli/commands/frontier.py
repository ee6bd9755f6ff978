"""strongroom frontier: a case solved for several budgets."""

from collections.abc import Callable, Sequence
from functools import partial
from pathlib import Path
from typing import Annotated

import typer

from models.frontier import Against, Frontier, SolvedPoint
from models.instance import Instance
from models.mistakes import Mistake
from models.reading import InvalidCaseError
from service.cli.answers import print_conflict
from service.cli.budgets import (
    BudgetOption,
    Budgets,
    FromOption,
    PointsOption,
    ToOption,
)
from service.cli.exit_status import ExitStatus, status_of
from service.cli.inputs import attempted, case_warnings, read_case
from service.cli.interruption import Interruption
from service.cli.options import (
    CaseArgument,
    ExecutorOption,
    JsonOption,
    PictureOption,
    SetOption,
    StrictOption,
    chosen_executor,
)
from service.cli.output_files import PlanFolder, check_picture
from service.cli.reporting import print_document, reported
from service.cli.screen import echo, print_tables, silent
from service.cli.tables.quantities import money
from service.cli.tables.variations import budgets, point_line

STOPPING = "stopping after the present budget"

PlansOption = Annotated[
    Path | None,
    typer.Option(
        metavar="DIR",
        help="Folder for the plan of each budget; created if absent.",
        show_default=False,
    ),
]
Compute = Callable[[Callable[[SolvedPoint], None], Callable[[], bool]], Frontier]


def command(  # noqa: PLR0913 - one for each option of the command
    case: CaseArgument,
    *,
    first: FromOption = None,
    last: ToOption = None,
    points: PointsOption = None,
    budget: BudgetOption = None,
    plans: PlansOption = None,
    picture: PictureOption = None,
    against: Annotated[
        Against,
        typer.Option(help="What the picture shows the shortage cost against."),
    ] = Against.BUDGET,
    executor: ExecutorOption = None,
    assignments: SetOption = None,
    strict: StrictOption = False,
    as_json: JsonOption = False,
) -> None:
    """Solve a case for a range of budgets. Ctrl-C stops after the current one."""
    with reported(as_json=as_json):
        requested = Budgets(first, last, points, budget)
        instance = _checked(
            partial(read_case, case, assignments, is_strict=strict), requested, picture
        )
        warnings = case_warnings(instance)
        log = silent if as_json else partial(echo, err=True)
        folder = None if plans is None else PlanFolder(plans, log)
        from service.optimization import frontier  # noqa: PLC0415 - slow to load

        compute = partial(
            frontier,
            instance,
            requested.factors(instance.financing),
            executor=chosen_executor(executor),
        )
        found = _run(compute, folder, log)
        if picture is not None:
            from service.pictures.frontier import (  # noqa: PLC0415 - slow to load
                frontier_picture,
            )
            from service.pictures.style import save  # noqa: PLC0415

            save(partial(frontier_picture, found.points, against), picture)
        _report(found, folder, picture, warnings, as_json=as_json)
        status = status_of(
            [x.termination for x in found.points],
            has_plan=any(x.plan_hash is not None for x in found.points),
        )
        if status is not ExitStatus.SUCCESS:
            raise typer.Exit(status)


def _checked(
    read: Callable[[], Instance], requested: Budgets, picture: Path | None
) -> Instance:
    """Return the case, or raise InvalidCaseError with every mistake of the call."""
    mistakes: list[Mistake] = []
    instance = attempted(read, mistakes)
    mistakes += requested.mistakes(None if instance is None else instance.financing)
    attempted(lambda: check_picture(picture), mistakes)
    if instance is None or mistakes:
        raise InvalidCaseError(mistakes)
    return instance


def _run(
    compute: Compute, folder: PlanFolder | None, log: Callable[[str], None]
) -> Frontier:
    def on_point(point: SolvedPoint) -> None:
        log(point_line(point))
        if folder is not None:
            folder.keep(point)

    log("solving one budget after the other, the smallest first")
    with Interruption() as interruption:
        return interruption.run(
            lambda: compute(on_point, interruption.is_asked),
            on_asked=lambda: log(STOPPING),
        )


def _report(
    found: Frontier,
    folder: PlanFolder | None,
    picture: Path | None,
    warnings: Sequence[str],
    *,
    as_json: bool,
) -> None:
    files = None if folder is None else folder.files
    if as_json:
        print_document(found, plans=files, picture=picture, warnings=warnings)
        return
    shown = budgets(found) if found.points else "No budget was solved."
    print_tables(shown, warnings=warnings)
    for point in found.points:
        if point.conflict:
            print_conflict(money(point.budget_usd), point.conflict)
    for file in files or ():
        if file is not None:
            echo(f"Plan: {file}")
    print_tables(picture=picture)
