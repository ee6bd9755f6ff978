"""strongroom sensitivity: the answer under other assumptions."""

from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Annotated

import typer

from models.instance import Instance
from models.mistakes import Mistake
from models.outcome import Outcome
from models.reading import InvalidCaseError
from models.sensitivity import Assumption, Sensitivity
from service.cli.answers import answer, print_why, status_of
from service.cli.inputs import read_case
from service.cli.interruption import Interruption
from service.cli.options import (
    DEFAULT_CHANGES,
    CaseArgument,
    ExecutorOption,
    JsonOption,
    PictureOption,
    SetOption,
    chosen_executor,
)
from service.cli.output_files import check_picture, with_picture
from service.cli.reporting import print_json, reported
from service.cli.screen import print_tables
from service.cli.tables.variations import combinations, flips, tornado

STOPPING = "stopping after the variant that is being solved"

Compute = Callable[[Callable[[str], None], Callable[[], bool]], Sensitivity | Outcome]


def command(  # noqa: PLR0913 - one for each option of the command
    case: CaseArgument,
    *,
    only: Annotated[
        list[Assumption] | None,
        typer.Option(
            help="Assumption to change; may be repeated.", show_default="all of them"
        ),
    ] = None,
    change: Annotated[
        list[float] | None,
        typer.Option(
            help="By how much, both ways: 0.15 is 15 %; may be repeated.",
            show_default="0.15 and 0.2",
        ),
    ] = None,
    picture: PictureOption = None,
    executor: ExecutorOption = None,
    assignments: SetOption = None,
    as_json: JsonOption = False,
) -> None:
    """Solve a case again under changed assumptions; Ctrl-C keeps what is done."""
    with reported(as_json=as_json):
        instance = read_case(case, assignments)
        assumptions, changes = (
            tuple(only or Assumption),
            tuple(change or DEFAULT_CHANGES),
        )
        if mistakes := _mistakes(changes):
            raise InvalidCaseError(mistakes)
        check_picture(picture)
        # The solver takes a second to load: not for --help, nor for a wrong case.
        from service.optimization import sensitivity  # noqa: PLC0415

        compute = partial(
            sensitivity,
            instance,
            assumptions,
            changes,
            executor=chosen_executor(executor),
        )
        found = _run(compute, as_json=as_json)
        if isinstance(found, Outcome):
            if as_json:
                print_json(answer(found, instance, None))
            else:
                print_why(found)
            raise typer.Exit(status_of(found))
        if picture is not None:
            _draw(found, picture)
        _report(instance, found, picture, as_json=as_json)


def _mistakes(changes: tuple[float, ...]) -> list[Mistake]:
    return [
        Mistake("--change", change, "above 0 and below 1")
        for change in changes
        if not 0 < change < 1
    ]


def _run(compute: Compute, *, as_json: bool) -> Sensitivity | Outcome:
    def tell(text: str) -> None:
        if not as_json:
            typer.echo(text, err=True)

    with Interruption() as interruption:
        return interruption.run(
            lambda: compute(
                lambda name: tell(f"solving: {name}"), interruption.is_asked
            ),
            on_asked=lambda: tell(STOPPING),
        )


def _draw(found: Sensitivity, picture: Path) -> None:
    # The drawing library takes half a second to load.
    from service.pictures.style import save  # noqa: PLC0415
    from service.pictures.tornado import tornado_picture  # noqa: PLC0415

    base = found.expected_shortage_cost_usd
    save(lambda: tornado_picture(found.bars(), base), picture)


def _report(
    instance: Instance, found: Sensitivity, picture: Path | None, *, as_json: bool
) -> None:
    if as_json:
        print_json(with_picture(found, picture))
        return
    names = {material.id: material.name for material in instance.materials}
    print_tables(tornado(found), combinations(found), flips(found, names))
    if picture is not None:
        typer.echo(f"Picture: {picture}")
