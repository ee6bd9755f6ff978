"""strongroom replay: a plan in the historic replays of its case."""

from typing import Annotated

import typer

from models.history import History
from models.instance import Instance
from models.mistakes import Mistake
from models.plan_references import plan_mistakes
from models.reading import InvalidCaseError
from service.cli.inputs import read_case, warnings_about
from service.cli.options import CaseArgument, JsonOption, PlanArgument, SetOption
from service.cli.reporting import print_json, reported
from service.cli.screen import print_tables
from service.cli.tables.evaluation import history_tables
from service.files.plans import read_plan

ReplayOption = Annotated[
    list[str] | None,
    typer.Option(
        "--replay",
        metavar="ID",
        help="Only this replay of the case; may be repeated. If absent, all.",
        show_default=False,
    ),
]


def command(
    case: CaseArgument,
    path: PlanArgument,
    *,
    only: ReplayOption = None,
    assignments: SetOption = None,
    as_json: JsonOption = False,
) -> None:
    """Follow a plan through history: who runs how many days, when the vault is empty.

    Days are counted in whole periods, each by its worst.
    """
    with reported(as_json=as_json):
        instance = read_case(case, assignments)
        plan = read_plan(path)
        mistakes = [*plan_mistakes(plan, instance), *_unknown(instance, only)]
        if mistakes:
            raise InvalidCaseError(mistakes)
        # The simulator takes a second to load: not for --help, nor for a wrong case.
        from service.optimization import replay_history  # noqa: PLC0415

        found = replay_history(instance, plan, only or None)
        report_history(found, warnings_about(instance, plan), as_json=as_json)


def report_history(found: History, warnings: list[str], *, as_json: bool) -> None:
    """Print what the plan does in each replay."""
    if as_json:
        print_json({**found.model_dump(mode="json"), "warnings": warnings})
        return
    for warning in warnings:
        typer.echo(f"warning: {warning}", err=True)
    if not found.replays:
        typer.echo("The case has no historic replays.")
    print_tables(*history_tables(found))


def _unknown(instance: Instance, only: list[str] | None) -> list[Mistake]:
    known = [replay.id for replay in instance.replays]
    listed = ", ".join(known) or "none is defined"
    return [
        Mistake("--replay", name, f"one of the replays of case {instance.id}: {listed}")
        for name in only or ()
        if name not in known
    ]
