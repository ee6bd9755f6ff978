"""strongroom explain: why a plan is as it is."""

from functools import partial
from typing import Annotated

import typer

from models.explanation import Explanation
from models.plan import Plan
from service.cli.inputs import read_case, read_plan_for, warnings_about
from service.cli.options import (
    BUDGET_FACTORS,
    CaseArgument,
    ExecutorOption,
    JsonOption,
    PlanArgument,
    SetOption,
    chosen_executor,
)
from service.cli.reporting import print_json, reported
from service.cli.screen import print_tables, silent
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


def command(
    case: CaseArgument,
    path: PlanArgument,
    *,
    with_frontier: Annotated[
        bool,
        typer.Option(
            "--frontier/--no-frontier",
            help="Solve the case again for budgets up to a tenth away.",
        ),
    ] = True,
    executor: ExecutorOption = None,
    assignments: SetOption = None,
    as_json: JsonOption = False,
) -> None:
    """Show why a plan is as it is, on the scenarios that it was made with.

    What the last and the next lot of each material are worth, what limits it, the next
    best candidate, what drives the cost, which materials need each other, and what is
    neither covered nor modelled.
    """
    with reported(as_json=as_json):
        instance = read_case(case, assignments)
        plan = read_plan_for(instance, path)
        # The solver takes a second to load: not for --help, nor for a wrong case.
        from service.optimization import explain  # noqa: PLC0415

        found = explain(
            instance,
            plan,
            factors=BUDGET_FACTORS if with_frontier else (),
            on_step=silent if as_json else partial(typer.echo, err=True),
            executor=chosen_executor(executor),
        )
        _report(plan, found, warnings_about(instance, plan), as_json=as_json)


def _report(
    plan: Plan, found: Explanation, warnings: list[str], *, as_json: bool
) -> None:
    if as_json:
        lists = {
            name: [x.model_dump(mode="json") for x in records]
            for name, records in (
                ("shortfalls", plan.shortfalls),
                ("unmodelled", plan.unmodelled),
            )
        }
        document = found.model_dump(mode="json")
        print_json({**document, **lists, "warnings": warnings})
        return
    for warning in warnings:
        typer.echo(f"warning: {warning}", err=True)
    print_tables(
        worth(found),
        why_not_more(found),
        tranches(found),
        limits(found),
        None if found.frontier is None else budgets(found.frontier, SOLVED_ANEW),
        events(found),
        scenarios(found),
        codependences(found),
        shortfalls(plan),
        unmodelled(plan),
    )
