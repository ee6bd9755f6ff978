"""strongroom participant: a plan as one of the participants may see it."""

from typing import Annotated

import typer

from models.instance import Instance
from models.mistakes import Mistake
from models.participant_view import ParticipantView
from models.plan_references import plan_mistakes
from models.reading import InvalidCaseError
from service.cli.inputs import fresh_seed, read_case, warnings_about
from service.cli.options import (
    DEFAULT_NUMBER_OF_SCENARIOS,
    CaseArgument,
    ExecutorOption,
    FreshOption,
    FreshSeedOption,
    JsonOption,
    PlanArgument,
    SetOption,
    chosen_executor,
)
from service.cli.reporting import print_json, reported
from service.cli.screen import print_tables
from service.cli.tables.participant import headline, lines, repurchases, rights, terms
from service.files.plans import read_plan

NameArgument = Annotated[
    str,
    typer.Argument(
        metavar="NAME",
        help="The id of the participant in the case.",
        show_default=False,
    ),
]


def command(  # noqa: PLR0913 - one for each option of the command
    case: CaseArgument,
    path: PlanArgument,
    name: NameArgument,
    *,
    scenarios: FreshOption = DEFAULT_NUMBER_OF_SCENARIOS,
    seed: FreshSeedOption = None,
    executor: ExecutorOption = None,
    assignments: SetOption = None,
    as_json: JsonOption = False,
) -> None:
    """Show what a plan means for one participant, and nothing of any other."""
    with reported(as_json=as_json):
        instance = read_case(case, assignments)
        plan = read_plan(path)
        mistakes = [*plan_mistakes(plan, instance), *_unknown(instance, name)]
        if mistakes:
            raise InvalidCaseError(mistakes)
        # The simulator takes a second to load: not for --help, nor for a wrong case.
        from service.optimization import participant_view  # noqa: PLC0415

        found = participant_view(
            instance,
            plan,
            name,
            number_of_scenarios=scenarios,
            seed=fresh_seed(plan, seed),
            executor=chosen_executor(executor),
        )
        is_of_another_case = bool(warnings_about(instance, plan))
        report_view(found, is_of_another_case=is_of_another_case, as_json=as_json)


def report_view(
    found: ParticipantView, *, is_of_another_case: bool, as_json: bool
) -> None:
    """Print the view; a warning tells no hash, which figures of others are part of."""
    warnings = ["the plan was made for another case"] if is_of_another_case else []
    if as_json:
        print_json({**found.model_dump(mode="json"), "warnings": warnings})
        return
    for warning in warnings:
        typer.echo(f"warning: {warning}", err=True)
    print_tables(
        headline(found), rights(found), terms(found), repurchases(found), lines(found)
    )


def _unknown(instance: Instance, name: str) -> list[Mistake]:
    # Those that there are stay untold: who asks may be one of the participants.
    if name in {participant.id for participant in instance.participants}:
        return []
    return [Mistake("NAME", name, "a participant of the case")]
