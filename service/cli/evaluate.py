"""strongroom evaluate: follow a plan through scenarios that it was not made with."""

from functools import partial
from typing import Annotated, Protocol

import typer

from models.evaluation import Evaluation
from models.instance import Instance
from models.options import SolveOptions
from models.plan import Plan
from models.reading import InvalidCaseError
from service.cli.case_argument import CaseArgument, JsonOption, SetOption, read_case
from service.cli.evaluation_tables import replays, statistics
from service.cli.executor_option import ExecutorOption, chosen_executor
from service.cli.reporting import print_json, reported
from service.cli.screen import show
from service.cli.show import PlanArgument
from service.files.plans import read_plan
from service.plan_references import unknown_references

DEFAULT_NUMBER_OF_SCENARIOS = 10_000


class Evaluate(Protocol):
    """A case, a plan and fresh scenarios in, statistics out."""

    def __call__(
        self, instance: Instance, plan: Plan, *, number_of_scenarios: int, seed: int
    ) -> Evaluation:
        """Follow the plan's rules through scenarios of that seed."""
        ...


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
    executor: ExecutorOption = None,
    assignments: SetOption = None,
    as_json: JsonOption = False,
) -> None:
    """Follow a plan through fresh scenarios and historic replays."""
    with reported(as_json=as_json):
        instance = read_case(case, assignments)
        plan = read_plan(path)
        if mistakes := unknown_references(plan, instance):
            raise InvalidCaseError(mistakes)
        fresh = plan.provenance.seed + 1 if seed is None else seed
        # The simulator takes a second to load: not for --help, nor for a wrong case.
        from service.jobs.execution import evaluate  # noqa: PLC0415

        on_executor = partial(evaluate, executor=chosen_executor(executor))
        evaluate_plan(instance, plan, on_executor, (scenarios, fresh), as_json=as_json)


def evaluate_plan(
    instance: Instance,
    plan: Plan,
    evaluate: Evaluate,
    sample: tuple[int, int],
    *,
    as_json: bool,
) -> None:
    """Evaluate on a number of scenarios of a seed, and print what was found."""
    warnings = _warnings(instance, plan)
    number_of_scenarios, seed = sample
    found = evaluate(instance, plan, number_of_scenarios=number_of_scenarios, seed=seed)
    if as_json:
        print_json({**found.model_dump(mode="json"), "warnings": warnings})
        return
    for warning in warnings:
        typer.echo(f"warning: {warning}", err=True)
    show(statistics(found, plan), replays(found))


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
