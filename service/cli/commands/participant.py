"""strongroom participant: a plan as one of the participants may see it."""

from collections.abc import Iterator
from functools import partial
from typing import Annotated

import typer

from models.instance import Instance
from models.mistakes import Mistake
from service.cli.inputs import read_planned_case
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
from service.cli.reporting import print_document, reported
from service.cli.screen import print_tables
from service.cli.tables.participant import headline, lines, repurchases, rights, terms

NameArgument = Annotated[
    str,
    typer.Argument(
        metavar="NAME",
        help="Id of the participant in the case.",
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
    """Show what a plan means for one participant, without figures of the others."""
    with reported(as_json=as_json):
        given = read_planned_case(case, path, assignments, partial(_unknown, name=name))
        from service.optimization import participant_view  # noqa: PLC0415 - slow

        found = participant_view(
            given.instance,
            given.plan,
            name,
            number_of_scenarios=scenarios,
            seed=given.fresh_seed(seed),
            executor=chosen_executor(executor),
        )
        # Without hashes: figures of other participants are part of them.
        warning = "the plan was made for another case"
        warnings = [warning] if given.plan_warnings else []
        if as_json:
            print_document(found, warnings=warnings)
            return
        print_tables(
            headline(found),
            rights(found),
            terms(found),
            repurchases(found),
            lines(found),
            warnings=warnings,
        )


def _unknown(instance: Instance, name: str) -> Iterator[Mistake]:
    # The participants are not listed: the caller may be one of them.
    if name not in {participant.id for participant in instance.participants}:
        yield Mistake("NAME", name, "a participant of the case")
