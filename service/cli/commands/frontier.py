"""strongroom frontier: what other budgets buy."""

from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Annotated

import typer

from models.frontier import Frontier, SolvedPoint
from models.instance import Instance
from models.mistakes import Mistake
from models.outcome import Termination
from models.reading import InvalidCaseError
from service.cli.budgets import (
    BudgetOption,
    Budgets,
    FromOption,
    PointsOption,
    ToOption,
)
from service.cli.exit_status import ExitStatus
from service.cli.inputs import read_case
from service.cli.interruption import Interruption
from service.cli.options import (
    CaseArgument,
    ExecutorOption,
    JsonOption,
    PictureOption,
    SetOption,
    chosen_executor,
)
from service.cli.output_files import PlanFolder, check_picture, with_picture
from service.cli.reporting import print_json, reported
from service.cli.screen import print_tables, silent
from service.cli.tables.quantities import money
from service.cli.tables.variations import budgets, told

STOPPING = "stopping after the budget that is being solved"

PlansOption = Annotated[
    Path | None,
    typer.Option(
        metavar="DIR",
        help="Keep the plan of each budget there; made if it is not there.",
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
    executor: ExecutorOption = None,
    assignments: SetOption = None,
    as_json: JsonOption = False,
) -> None:
    """Solve a case for a range of budgets; Ctrl-C keeps what is done."""
    with reported(as_json=as_json):
        wanted = Budgets(first, last, points, budget)
        instance = _checked(case, assignments, wanted, picture)
        tell = silent if as_json else partial(typer.echo, err=True)
        folder = None if plans is None else PlanFolder(plans, tell)
        # The solver takes a second to load: not for --help, nor for a wrong case.
        from service.optimization import frontier  # noqa: PLC0415

        compute = partial(
            frontier,
            instance,
            wanted.factors(instance.financing),
            executor=chosen_executor(executor),
        )
        found = _run(compute, folder, tell)
        if picture is not None:
            _draw(found, picture)
        _report(found, folder, picture, as_json=as_json)
        if (status := _status(found)) is not ExitStatus.SUCCESS:
            raise typer.Exit(status)


def _checked(
    case: str, assignments: list[str] | None, wanted: Budgets, picture: Path | None
) -> Instance:
    """Return the case, or raise InvalidCaseError with all that is wrong with a call."""
    mistakes: list[Mistake] = []
    instance = None
    try:
        instance = read_case(case, assignments)
    except InvalidCaseError as error:
        mistakes += error.mistakes
    mistakes += wanted.mistakes(None if instance is None else instance.financing)
    try:
        check_picture(picture)
    except InvalidCaseError as error:
        mistakes += error.mistakes
    if instance is None or mistakes:
        raise InvalidCaseError(mistakes)
    return instance


def _run(
    compute: Compute, folder: PlanFolder | None, tell: Callable[[str], None]
) -> Frontier:
    def on_point(point: SolvedPoint) -> None:
        tell(told(point))
        if folder is not None:
            folder.keep(point)

    tell("solving one budget after the other, the smallest first")
    with Interruption() as interruption:
        return interruption.run(
            lambda: compute(on_point, interruption.is_asked),
            on_asked=lambda: tell(STOPPING),
        )


def _draw(found: Frontier, picture: Path) -> None:
    # The drawing library takes half a second to load.
    from service.pictures.frontier import frontier_picture  # noqa: PLC0415
    from service.pictures.style import save  # noqa: PLC0415

    save(lambda: frontier_picture(found.points), picture)


def _report(
    found: Frontier, folder: PlanFolder | None, picture: Path | None, *, as_json: bool
) -> None:
    files = None if folder is None else folder.files
    if as_json:
        print_json(with_picture(found, picture, plans=files))
        return
    print_tables(budgets(found) if found.points else "No budget was solved.")
    for point in found.points:
        if point.conflict:
            typer.echo(f"{money(point.budget_usd)}: these limits cannot hold together.")
            for limit in point.conflict:
                typer.echo(f"  {limit}")
    for file in files or ():
        if file is not None:
            typer.echo(f"Plan: {file}")
    if picture is not None:
        typer.echo(f"Picture: {picture}")


def _status(found: Frontier) -> ExitStatus:
    """Return success if any budget has a plan."""
    if any(x.plan_hash is not None for x in found.points):
        return ExitStatus.SUCCESS
    ended = {x.termination for x in found.points}
    if ended == {Termination.INFEASIBLE}:
        return ExitStatus.INFEASIBLE
    return ExitStatus.NO_PLAN_WITHIN_LIMITS
