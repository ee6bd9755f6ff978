"""strongroom rehearse: a plan as printed beside planning again, on fresh paths."""

from dataclasses import replace
from typing import Annotated

from models.rehearsal import Rehearsal
from service.analyses.parameters import (
    DEFAULT_PATHS,
    DEFAULT_REHEARSAL_SCENARIOS,
    DEFAULT_REPLAN_EVERY,
    DEFAULT_REPLAN_TIME_LIMIT_S,
    RehearseParameters,
)
from service.cli.analyses import analysed_until_asked, parameters_of, run_of
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
from service.cli.screen import print_tables
from service.printing.rehearsal import rehearsal_tables

STOPPING = "stopping after the present paths"


def command(  # noqa: PLR0913 - one for each option of the command
    case: CaseArgument,
    path: PlanArgument,
    *,
    replan_every: Annotated[
        int, parameter(RehearseParameters, "replan_every", "--replan-every")
    ] = DEFAULT_REPLAN_EVERY,
    number_of_paths: Annotated[
        int, parameter(RehearseParameters, "number_of_paths", "--paths")
    ] = DEFAULT_PATHS,
    number_of_scenarios: Annotated[
        int, parameter(RehearseParameters, "number_of_scenarios", "--scenarios")
    ] = DEFAULT_REHEARSAL_SCENARIOS,
    time_limit_s: Annotated[
        float, parameter(RehearseParameters, "time_limit_s", "--time-limit")
    ] = DEFAULT_REPLAN_TIME_LIMIT_S,
    seed: FreshSeedOption = None,
    keep: KeepOption = None,
    executor: ExecutorOption = None,
    assignments: SetOption = None,
    strict: StrictOption = False,
    as_json: JsonOption = False,
) -> None:
    """Plan again in the middle of fresh paths. Ctrl-C stops after the current ones."""
    with reported(as_json=as_json):
        given = read_planned_case(case, path, assignments, is_strict=strict)
        parameters = parameters_of(
            RehearseParameters,
            command,
            replan_every=replan_every,
            number_of_paths=number_of_paths,
            number_of_scenarios=number_of_scenarios,
            time_limit_s=time_limit_s,
            seed=seed,
        ).completed(given)
        kept = KeptParts(keep, "rehearse", given, parameters)
        result = analysed_until_asked(
            "rehearse",
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
        assert isinstance(result.found, Rehearsal)  # noqa: S101 - what it finds
        tables = rehearsal_tables(result.found, given.instance)
        print_tables(*tables, warnings=given.warnings)
