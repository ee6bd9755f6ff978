"""strongroom rehearse-history: planning again in the replays of a case."""

from dataclasses import replace
from typing import Annotated

from models.historic_rehearsal import HistoricRehearsal
from service.analyses.parameters import (
    DEFAULT_REHEARSAL_SCENARIOS,
    DEFAULT_REPLAN_EVERY,
    DEFAULT_REPLAN_TIME_LIMIT_S,
    RehearseHistoryParameters,
)
from service.cli.analyses import (
    analysed_until_asked,
    parameters_of,
    plan_mistakes_of,
    run_of,
)
from service.cli.commands.replay import ReplayOption
from service.cli.inputs import read_planned_case
from service.cli.kept_parts import KeptParts
from service.cli.options import (
    CaseArgument,
    ExecutorOption,
    FreshSeedOption,
    JsonOption,
    KeepOption,
    PlanArgument,
    SetOption,
    StrictOption,
    parameter,
)
from service.cli.reporting import print_json, reported
from service.cli.screen import echo, print_tables
from service.printing.historic_rehearsal import historic_tables

STOPPING = "stopping after the present replays"


def command(  # noqa: PLR0913 - one for each option of the command
    case: CaseArgument,
    path: PlanArgument,
    *,
    replays: ReplayOption = None,
    replan_every: Annotated[
        int, parameter(RehearseHistoryParameters, "replan_every", "--replan-every")
    ] = DEFAULT_REPLAN_EVERY,
    number_of_scenarios: Annotated[
        int, parameter(RehearseHistoryParameters, "number_of_scenarios", "--scenarios")
    ] = DEFAULT_REHEARSAL_SCENARIOS,
    time_limit_s: Annotated[
        float, parameter(RehearseHistoryParameters, "time_limit_s", "--time-limit")
    ] = DEFAULT_REPLAN_TIME_LIMIT_S,
    seed: FreshSeedOption = None,
    keep: KeepOption = None,
    executor: ExecutorOption = None,
    assignments: SetOption = None,
    strict: StrictOption = False,
    as_json: JsonOption = False,
) -> None:
    """Plan again in history, knowing at each date what was known by then.

    A replay is one path: its figures have no probability and no interval. Ctrl-C stops
    after the current ones.
    """
    with reported(as_json=as_json):
        parameters = parameters_of(
            RehearseHistoryParameters,
            command,
            replays=replays,
            replan_every=replan_every,
            number_of_scenarios=number_of_scenarios,
            time_limit_s=time_limit_s,
            seed=seed,
        )
        further = plan_mistakes_of(parameters, command)
        given = read_planned_case(case, path, assignments, further, is_strict=strict)
        parameters = parameters.completed(given)
        kept = KeptParts(keep, "rehearse-history", given, parameters)
        result = analysed_until_asked(
            "rehearse-history",
            given,
            parameters,
            lambda is_asked: replace(
                run_of(executor, as_json=as_json, is_interrupted=is_asked),
                parts=kept.parts,
                on_part=kept.add,
            ),
            STOPPING,
        )
        if as_json:
            print_json(result.answer)
            return
        found = result.found
        assert isinstance(found, HistoricRehearsal)  # noqa: S101 - what it finds
        tables = historic_tables(found, given.instance)
        print_tables(*tables, warnings=given.warnings)
        if not given.instance.replays:
            echo("The case has no historic replays.")
