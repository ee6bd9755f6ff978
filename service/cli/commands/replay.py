"""strongroom replay: a plan in the historic replays of its case."""

from collections.abc import Iterator, Sequence
from functools import partial
from typing import Annotated

import typer

from models.instance import Instance
from models.mistakes import Mistake
from service.cli.inputs import read_planned_case
from service.cli.options import (
    CaseArgument,
    JsonOption,
    PlanArgument,
    SetOption,
    StrictOption,
)
from service.cli.reporting import print_document, reported
from service.cli.screen import echo, print_tables
from service.cli.tables.evaluation import history_tables

ReplayOption = Annotated[
    list[str] | None,
    typer.Option(
        "--replay",
        metavar="ID",
        help="Replay of the case to follow. Repeatable. Default: all.",
        show_default=False,
    ),
]


def command(
    case: CaseArgument,
    path: PlanArgument,
    *,
    only: ReplayOption = None,
    assignments: SetOption = None,
    strict: StrictOption = False,
    as_json: JsonOption = False,
) -> None:
    """Follow a plan through history: days that lines run, when the vault is empty.

    Days are counted in whole periods; a period counts as its worst day.
    """
    with reported(as_json=as_json):
        given = read_planned_case(
            case,
            path,
            assignments,
            partial(_unknown, names=only or ()),
            is_strict=strict,
        )
        from service.optimization import replay_history  # noqa: PLC0415 - slow to load

        found = replay_history(given.instance, given.plan, only or None)
        if as_json:
            print_document(found, warnings=given.warnings)
            return
        print_tables(*history_tables(found), warnings=given.warnings)
        if not found.replays:
            echo("The case has no historic replays.")


def _unknown(instance: Instance, names: Sequence[str]) -> Iterator[Mistake]:
    known = [replay.id for replay in instance.replays]
    listed = ", ".join(known) or "none is defined"
    expected = f"one of the replays of case {instance.id}: {listed}"
    for name in names:
        if name not in known:
            yield Mistake("--replay", name, expected)
