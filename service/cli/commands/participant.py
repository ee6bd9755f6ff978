"""strongroom participant: a plan as one of the participants may see it."""

from models.participant_view import ParticipantView
from service.analyses.parameters import (
    DEFAULT_NUMBER_OF_SCENARIOS,
    ParticipantParameters,
)
from service.cli.analyses import (
    analysed,
    parameters_of,
    plan_mistakes_of,
    run_of,
)
from service.cli.inputs import read_planned_case
from service.cli.options import (
    CaseArgument,
    ExecutorOption,
    FreshOption,
    FreshSeedOption,
    JsonOption,
    ParticipantArgument,
    PlanArgument,
    SetOption,
)
from service.cli.reporting import print_json, reported
from service.cli.screen import print_tables
from service.printing.participant import headline, lines, repurchases, rights, terms


def command(  # noqa: PLR0913 - one for each option of the command
    case: CaseArgument,
    path: PlanArgument,
    participant: ParticipantArgument,
    *,
    number_of_scenarios: FreshOption = DEFAULT_NUMBER_OF_SCENARIOS,
    seed: FreshSeedOption = None,
    executor: ExecutorOption = None,
    assignments: SetOption = None,
    as_json: JsonOption = False,
) -> None:
    """Show what a plan means for one participant, without figures of the others."""
    with reported(as_json=as_json):
        parameters = parameters_of(
            ParticipantParameters,
            command,
            participant=participant,
            number_of_scenarios=number_of_scenarios,
            seed=seed,
        )
        further = plan_mistakes_of(parameters, command)
        given = read_planned_case(case, path, assignments, further)
        run = run_of(executor, as_json=as_json)
        result = analysed("participant", given, parameters, run)
        if as_json:
            print_json(result.answer)
            return
        found = result.found
        assert isinstance(found, ParticipantView)  # noqa: S101 - what it finds
        print_tables(
            headline(found),
            rights(found),
            terms(found),
            repurchases(found),
            lines(found),
            warnings=result.document["warnings"],
        )
