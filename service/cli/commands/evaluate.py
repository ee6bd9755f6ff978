"""strongroom evaluate: a plan on scenarios that it was not made with."""

from collections.abc import Callable, Sequence
from functools import partial
from pathlib import Path
from typing import Annotated

import typer

from models.evaluation import Evaluation, Fresh
from models.instance import Instance
from models.mistakes import Mistake
from models.plan import Plan
from models.reading import InvalidCaseError
from service.analyses.planned_case import case_warnings, warnings_about
from service.casefiles import path_of
from service.cli.inputs import read_plan_for, read_planned_case
from service.cli.options import (
    CaseArgument,
    ExecutorOption,
    FreshOption,
    FreshSeedOption,
    JsonOption,
    PictureOption,
    PlanArgument,
    SetOption,
    StrictOption,
    chosen_executor,
)
from service.cli.output_files import check_picture
from service.cli.reporting import print_document, reported
from service.cli.scenario_files import (
    ScenariosFromOption,
    check_alone,
    check_results,
    read_scenario_table,
    write_results,
)
from service.cli.screen import echo, print_tables
from service.printing.evaluation import evaluation_tables

DEFAULT_NUMBER_OF_SCENARIOS = 10_000


Evaluate = Callable[[Instance, Plan, Sequence[Plan]], Evaluation]


def command(  # noqa: PLR0913 - one for each option of the command
    case: CaseArgument,
    path: PlanArgument,
    *,
    scenarios: FreshOption = DEFAULT_NUMBER_OF_SCENARIOS,
    seed: FreshSeedOption = None,
    planning_scenarios: Annotated[
        bool,
        typer.Option(
            "--planning-scenarios",
            help="Follow the plan through the scenarios that it was made for, on which "
            "it keeps its promise to the digit.",
        ),
    ] = False,
    scenarios_from: ScenariosFromOption = None,
    per_scenario: Annotated[
        Path | None,
        typer.Option(
            metavar="FILE",
            help="Also write costs by scenario to FILE (.parquet or .csv), and cash, "
            "stock and debt by scenario and period beside it (FILE_periods).",
            show_default=False,
        ),
    ] = None,
    against: Annotated[
        list[Path] | None,
        typer.Option(
            metavar="PLAN",
            help="Another plan to compare on the same scenarios. Repeatable.",
            show_default=False,
        ),
    ] = None,
    precision: Annotated[
        float,
        typer.Option(
            min=0.0001,
            max=1,
            help="Report how many scenarios give an interval of this width; 0.01 is "
            "+-1 %.",
        ),
    ] = 0.05,
    replications: Annotated[
        int,
        typer.Option(
            min=0,
            max=1_000,
            help="Samples to solve for an estimate of the plan's optimality gap.",
        ),
    ] = 0,
    replication_scenarios: Annotated[
        int, typer.Option(min=1, max=10_000, help="Scenarios in each of these samples.")
    ] = 100,
    picture: PictureOption = None,
    executor: ExecutorOption = None,
    assignments: SetOption = None,
    strict: StrictOption = False,
    as_json: JsonOption = False,
) -> None:
    """Follow a plan through fresh scenarios and historic replays.

    Or, instead of fresh ones, through those that it was made for or those of a file.
    """
    with reported(as_json=as_json):
        given = read_planned_case(case, path, assignments, is_strict=strict)
        others = [read_plan_for(given.instance, x) for x in against or ()]
        if replications == 1:
            raise InvalidCaseError([Mistake("replications", 1, "0, or 2 and more")])
        check_picture(picture)
        check_results(per_scenario, {"case": path_of(case), "plan": path})
        for option, is_given in (
            ("--scenarios-from", scenarios_from is not None),
            ("--planning-scenarios", planning_scenarios),
        ):
            check_alone(
                option,
                is_given=is_given,
                number=scenarios,
                seed=seed,
                default_number=DEFAULT_NUMBER_OF_SCENARIOS,
            )
        fresh = Fresh(
            number_of_scenarios=scenarios,
            seed=given.fresh_seed(seed),
            precision=precision,
            replications=replications,
            replication_scenarios=replication_scenarios,
        )
        from service.optimization import (  # noqa: PLC0415 - slow to load
            ChosenScenarios,
            evaluate_by_scenario,
        )

        table = read_scenario_table(scenarios_from)

        def follow(case: Instance, plan: Plan, others: Sequence[Plan]) -> Evaluation:
            found, results = evaluate_by_scenario(
                case,
                plan,
                others,
                fresh=fresh,
                chosen=ChosenScenarios(table, are_own=planning_scenarios),
                on_replication=None
                if as_json
                else partial(_print_replication, replications),
                executor=chosen_executor(executor),
            )
            if per_scenario is not None:
                write_results(results, per_scenario)
            return found

        plans = [given.plan, *others]
        evaluate_plans(given.instance, plans, follow, picture, as_json=as_json)


def _print_replication(replications: int, done: int) -> None:
    echo(f"replication {done} of {replications}", err=True)


def evaluate_plans(
    instance: Instance,
    plans: Sequence[Plan],
    evaluate: Evaluate,
    picture: Path | None = None,
    *,
    as_json: bool,
) -> None:
    """Evaluate the first plan, compare the others with it, and print the result.

    The picture shows cash and collateral over time.
    """
    plan, *others = plans
    warnings = case_warnings(instance)
    warnings += [text for made in plans for text in warnings_about(instance, made)]
    found = evaluate(instance, plan, others)
    if picture is not None:
        from service.pictures.files import save  # noqa: PLC0415 - slow to load
        from service.pictures.financing import financing_picture  # noqa: PLC0415

        limit = instance.financing.collateral_cover
        save(financing_picture(found.fans, found.scenarios, limit), picture)
    if as_json:
        print_document(found, warnings=warnings, picture=picture)
    else:
        tables = evaluation_tables(found, plan)
        print_tables(*tables, warnings=warnings, picture=picture)
