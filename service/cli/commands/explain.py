"""strongroom explain: why a plan is as it is."""

from functools import partial
from typing import Annotated

import typer

from service.cli.inputs import read_planned_case
from service.cli.options import (
    BUDGET_FACTORS,
    CaseArgument,
    ExecutorOption,
    JsonOption,
    PlanArgument,
    SetOption,
    StrictOption,
    chosen_executor,
)
from service.cli.reporting import print_document, reported
from service.cli.screen import echo, print_tables, silent
from service.cli.tables.explanation import (
    codependences,
    events,
    limits,
    scenarios,
    tranches,
    why_not_more,
    worth,
)
from service.cli.tables.plan import shortfalls, unmodelled
from service.cli.tables.variations import SOLVED_ANEW, budgets


def command(  # noqa: PLR0913 - one for each option of the command
    case: CaseArgument,
    path: PlanArgument,
    *,
    with_frontier: Annotated[
        bool,
        typer.Option(
            "--frontier/--no-frontier",
            help="Also solve the case for budgets up to 10 % away.",
        ),
    ] = True,
    executor: ExecutorOption = None,
    assignments: SetOption = None,
    strict: StrictOption = False,
    as_json: JsonOption = False,
) -> None:
    """Explain a plan on its planning scenarios.

    Shows what the last and the next lot of each material are worth, what limits it, the
    next best candidate, what drives the cost, which materials depend on each other, and
    what is neither covered nor modelled.
    """
    with reported(as_json=as_json):
        given = read_planned_case(case, path, assignments, is_strict=strict)
        from service.optimization import explain  # noqa: PLC0415 - slow to load

        found = explain(
            given.instance,
            given.plan,
            factors=BUDGET_FACTORS if with_frontier else (),
            on_step=silent if as_json else partial(echo, err=True),
            executor=chosen_executor(executor),
        )
        if as_json:
            lists = {
                name: [x.model_dump(mode="json") for x in records]
                for name, records in (
                    ("shortfalls", given.plan.shortfalls),
                    ("unmodelled", given.plan.unmodelled),
                )
            }
            print_document(found, **lists, warnings=given.warnings)
            return
        print_tables(
            worth(found),
            why_not_more(found),
            tranches(found),
            limits(found),
            None if found.frontier is None else budgets(found.frontier, SOLVED_ANEW),
            events(found),
            scenarios(found),
            codependences(found),
            shortfalls(given.plan),
            unmodelled(given.plan),
            warnings=given.warnings,
        )
