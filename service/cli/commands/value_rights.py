"""strongroom value-rights: what rights are worth to a participant, by quantity."""

from typing import Annotated

from models.reading import InvalidCaseError
from models.right_menu import RightMenus
from service.analyses.parameters import (
    DEFAULT_NUMBER_OF_SCENARIOS,
    ValueRightsParameters,
)
from service.cli.analyses import analysed, case_mistakes_of, parameters_of, run_of
from service.cli.inputs import read_case
from service.cli.options import (
    CaseArgument,
    ExecutorOption,
    FreshOption,
    FreshSeedOption,
    JsonOption,
    ParticipantArgument,
    SetOption,
    parameter,
)
from service.cli.reporting import print_json, reported
from service.cli.screen import print_tables
from service.printing.right_menu import right_tables


def command(  # noqa: PLR0913 - one for each option of the command
    case: CaseArgument,
    participant: ParticipantArgument,
    *,
    lots: Annotated[
        list[int] | None,
        parameter(ValueRightsParameters, "lots", "--lots", show_default=False),
    ] = None,
    number_of_scenarios: FreshOption = DEFAULT_NUMBER_OF_SCENARIOS,
    seed: FreshSeedOption = None,
    executor: ExecutorOption = None,
    assignments: SetOption = None,
    as_json: JsonOption = False,
) -> None:
    """Show what the rights that a participant asks for are worth, by quantity."""
    with reported(as_json=as_json):
        parameters = parameters_of(
            ValueRightsParameters,
            command,
            participant=participant,
            lots=lots,
            number_of_scenarios=number_of_scenarios,
            seed=seed,
        )
        instance = read_case(case, assignments)
        if mistakes := case_mistakes_of(parameters, command, instance):
            raise InvalidCaseError(mistakes)
        run = run_of(executor, as_json=as_json)
        result = analysed("value-rights", instance, parameters, run)
        if as_json:
            print_json(result.answer)
            return
        found = result.found
        assert isinstance(found, RightMenus)  # noqa: S101 - what it finds
        print_tables(*right_tables(found), warnings=result.document["warnings"])
