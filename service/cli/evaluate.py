"""strongroom evaluate: follow a plan through scenarios that it was not made with."""

from collections.abc import Callable, Sequence
from functools import partial
from pathlib import Path
from typing import Annotated

import typer

from models.evaluation import Evaluation, Fresh
from models.instance import Instance
from models.options import SolveOptions
from models.plan import Plan
from models.reading import InvalidCaseError
from service.cli.case_argument import CaseArgument, JsonOption, SetOption, read_case
from service.cli.evaluation_tables import (
    differences,
    materials,
    products,
    replays,
    statistics,
)
from service.cli.executor_option import ExecutorOption, chosen_executor
from service.cli.reporting import print_json, reported
from service.cli.screen import show
from service.cli.show import PlanArgument
from service.files.plans import read_plan
from service.plan_references import unknown_references

DEFAULT_NUMBER_OF_SCENARIOS = 10_000


Evaluate = Callable[[Instance, Plan, Sequence[Plan]], Evaluation]


def command(  # noqa: PLR0913 - one for each option of the command
    case: CaseArgument,
    path: PlanArgument,
    *,
    scenarios: Annotated[
        int, typer.Option(min=1, max=1_000_000, help="Fresh scenarios.")
    ] = DEFAULT_NUMBER_OF_SCENARIOS,
    seed: Annotated[
        int | None,
        typer.Option(
            min=0,
            help="Seed of the scenarios; if absent, the plan's seed + 1.",
            show_default=False,
        ),
    ] = None,
    against: Annotated[
        list[Path] | None,
        typer.Option(
            metavar="PLAN",
            help="Another plan to compare on the same scenarios; may be repeated.",
            show_default=False,
        ),
    ] = None,
    precision: Annotated[
        float,
        typer.Option(
            min=0.0001,
            max=1,
            help="Say how many scenarios make the interval so wide: 0.01 is +-1 %.",
        ),
    ] = 0.05,
    executor: ExecutorOption = None,
    assignments: SetOption = None,
    as_json: JsonOption = False,
) -> None:
    """Follow a plan through fresh scenarios and historic replays."""
    with reported(as_json=as_json):
        instance = read_case(case, assignments)
        plan, *others = [read_plan(x) for x in (path, *(against or ()))]
        mistakes = [
            x for made in (plan, *others) for x in unknown_references(made, instance)
        ]
        if mistakes:
            raise InvalidCaseError(mistakes)
        fresh = Fresh(
            number_of_scenarios=scenarios,
            seed=plan.provenance.seed + 1 if seed is None else seed,
            precision=precision,
        )
        # The simulator takes a second to load: not for --help, nor for a wrong case.
        from service.jobs.execution import evaluate  # noqa: PLC0415

        follow = partial(evaluate, fresh=fresh, executor=chosen_executor(executor))
        evaluate_plans(instance, [plan, *others], follow, as_json=as_json)


def evaluate_plans(
    instance: Instance, plans: Sequence[Plan], evaluate: Evaluate, *, as_json: bool
) -> None:
    """Evaluate the first plan and compare the others with it; print what was found."""
    plan, *others = plans
    warnings = [text for made in plans for text in _warnings(instance, made)]
    found = evaluate(instance, plan, others)
    if as_json:
        print_json({**found.model_dump(mode="json"), "warnings": warnings})
        return
    for warning in warnings:
        typer.echo(f"warning: {warning}", err=True)
    show(
        statistics(found, plan),
        differences(found),
        materials(found),
        products(found),
        replays(found),
    )


def _warnings(instance: Instance, plan: Plan) -> list[str]:
    # How a case was solved is part of its hash, but not of what a plan is made for.
    options = SolveOptions.model_validate(plan.provenance.options)
    as_solved = instance.model_copy(update={"options": options})
    made_for, given = plan.provenance.instance_hash, instance.content_hash
    if made_for in {given, as_solved.content_hash}:
        return []
    warning = (
        f"the plan was made for another case: {made_for[:12]} "
        f"({plan.provenance.instance_id}), given {given[:12]} ({instance.id})"
    )
    return [warning]
