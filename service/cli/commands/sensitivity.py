"""strongroom sensitivity: a case solved under other assumptions."""

from collections.abc import Callable
from functools import partial
from typing import Annotated

import typer

from models.mistakes import Mistake
from models.outcome import Outcome
from models.reading import InvalidCaseError
from models.sensitivity import Assumption, Sensitivity
from service.cli.answers import answer, print_no_plan, status_of_outcome
from service.cli.inputs import case_warnings, read_case
from service.cli.interruption import Interruption
from service.cli.options import (
    DEFAULT_CHANGES,
    CaseArgument,
    ExecutorOption,
    JsonOption,
    PictureOption,
    SetOption,
    StrictOption,
    chosen_executor,
)
from service.cli.output_files import check_picture
from service.cli.reporting import print_document, print_json, reported
from service.cli.screen import echo, print_tables, print_warnings, silent
from service.cli.tables.variations import sensitivity_tables

STOPPING = "stopping after the present variant"

Compute = Callable[[Callable[[str], None], Callable[[], bool]], Sensitivity | Outcome]


def command(  # noqa: PLR0913 - one for each option of the command
    case: CaseArgument,
    *,
    only: Annotated[
        list[Assumption] | None,
        typer.Option(
            help="Assumption to change. Repeatable.", show_default="all of them"
        ),
    ] = None,
    change: Annotated[
        list[float] | None,
        typer.Option(
            help="Relative change, applied both ways; 0.15 is 15 %. Repeatable.",
            show_default="0.15 and 0.2",
        ),
    ] = None,
    picture: PictureOption = None,
    executor: ExecutorOption = None,
    assignments: SetOption = None,
    strict: StrictOption = False,
    as_json: JsonOption = False,
) -> None:
    """Solve a case under changed assumptions. Ctrl-C stops after the current one."""
    with reported(as_json=as_json):
        instance = read_case(case, assignments, is_strict=strict)
        warnings = case_warnings(instance)
        assumptions, changes = (
            tuple(only or Assumption),
            tuple(change or DEFAULT_CHANGES),
        )
        if mistakes := _mistakes(changes):
            raise InvalidCaseError(mistakes)
        check_picture(picture)
        from service.optimization import sensitivity  # noqa: PLC0415 - slow to load

        compute = partial(
            sensitivity,
            instance,
            assumptions,
            changes,
            executor=chosen_executor(executor),
        )
        found = _run(compute, silent if as_json else partial(echo, err=True))
        if isinstance(found, Outcome):
            if as_json:
                print_json(answer(found, instance, None, warnings))
            else:
                print_warnings(warnings)
                print_no_plan(found)
            raise typer.Exit(status_of_outcome(found))
        if picture is not None:
            from service.pictures.style import save  # noqa: PLC0415 - slow to load
            from service.pictures.tornado import tornado_picture  # noqa: PLC0415

            base = found.expected_shortage_cost_usd
            save(partial(tornado_picture, found.bars(), base), picture)
        if as_json:
            sentence = found.headline()
            print_document(found, picture=picture, headline=sentence, warnings=warnings)
        else:
            tables = sensitivity_tables(found, instance)
            print_tables(*tables, picture=picture, warnings=warnings)


def _mistakes(changes: tuple[float, ...]) -> list[Mistake]:
    return [
        Mistake("--change", change, "above 0 and below 1")
        for change in changes
        if not 0 < change < 1
    ]


def _run(compute: Compute, log: Callable[[str], None]) -> Sensitivity | Outcome:
    with Interruption() as interruption:
        return interruption.run(
            lambda: compute(
                lambda name: log(f"solving: {name}"), interruption.is_asked
            ),
            on_asked=lambda: log(STOPPING),
        )
