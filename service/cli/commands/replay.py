"""strongroom replay: a plan in the historic replays of its case."""

from typing import Annotated

from models.history import History
from service.analyses.parameters import ReplayParameters
from service.cli.analyses import (
    analysed,
    parameters_of,
    plan_mistakes_of,
    run_of,
)
from service.cli.inputs import read_planned_case
from service.cli.options import (
    CaseArgument,
    JsonOption,
    PlanArgument,
    SetOption,
    StrictOption,
    parameter,
)
from service.cli.reporting import print_json, reported
from service.cli.screen import echo, print_tables
from service.printing.evaluation import history_tables

ReplayOption = Annotated[
    list[str] | None,
    parameter(
        ReplayParameters, "replays", "--replay", metavar="ID", show_default=False
    ),
]


def command(
    case: CaseArgument,
    path: PlanArgument,
    *,
    replays: ReplayOption = None,
    assignments: SetOption = None,
    strict: StrictOption = False,
    as_json: JsonOption = False,
) -> None:
    """Follow a plan through history: days that lines run, when the vault is empty.

    Days are counted in whole periods; a period counts as its worst day.
    """
    with reported(as_json=as_json):
        parameters = parameters_of(ReplayParameters, command, replays=replays)
        further = plan_mistakes_of(parameters, command)
        given = read_planned_case(case, path, assignments, further, is_strict=strict)
        run = run_of(None, as_json=as_json)
        result = analysed("replay", given, parameters, run)
        if as_json:
            print_json(result.answer)
            return
        found = result.found
        assert isinstance(found, History)  # noqa: S101 - what it finds
        print_tables(*history_tables(found), warnings=given.warnings)
        if not found.replays:
            echo("The case has no historic replays.")
