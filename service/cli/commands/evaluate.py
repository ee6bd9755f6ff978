"""strongroom evaluate: follow a plan through scenarios that it was not made with."""

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
from service.cli.inputs import fresh_seed, read_case, read_plan_for, warnings_about
from service.cli.options import (
    CaseArgument,
    ExecutorOption,
    FreshOption,
    FreshSeedOption,
    JsonOption,
    PictureOption,
    PlanArgument,
    SetOption,
    chosen_executor,
)
from service.cli.output_files import check_picture, with_picture
from service.cli.reporting import print_json, reported
from service.cli.screen import print_tables
from service.cli.tables.evaluation import (
    differences,
    materials,
    products,
    quality,
    replays,
    statistics,
)
from service.cli.tables.financing import few_periods

DEFAULT_NUMBER_OF_SCENARIOS = 10_000


Evaluate = Callable[[Instance, Plan, Sequence[Plan]], Evaluation]


def command(  # noqa: PLR0913 - one for each option of the command
    case: CaseArgument,
    path: PlanArgument,
    *,
    scenarios: FreshOption = DEFAULT_NUMBER_OF_SCENARIOS,
    seed: FreshSeedOption = None,
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
    replications: Annotated[
        int,
        typer.Option(
            min=0,
            max=1_000,
            help="Solve so many other samples for the plan's optimality gap.",
        ),
    ] = 0,
    replication_scenarios: Annotated[
        int, typer.Option(min=1, max=10_000, help="Scenarios in each of them.")
    ] = 100,
    picture: PictureOption = None,
    executor: ExecutorOption = None,
    assignments: SetOption = None,
    as_json: JsonOption = False,
) -> None:
    """Follow a plan through fresh scenarios and historic replays."""
    with reported(as_json=as_json):
        instance = read_case(case, assignments)
        plan, *others = [read_plan_for(instance, x) for x in (path, *(against or ()))]
        if replications == 1:
            raise InvalidCaseError([Mistake("replications", 1, "0, or 2 and more")])
        check_picture(picture)
        fresh = Fresh(
            number_of_scenarios=scenarios,
            seed=fresh_seed(plan, seed),
            precision=precision,
            replications=replications,
            replication_scenarios=replication_scenarios,
        )
        # The simulator takes a second to load: not for --help, nor for a wrong case.
        from service.optimization import evaluate  # noqa: PLC0415

        follow = partial(
            evaluate,
            fresh=fresh,
            on_replication=None if as_json else partial(_tell, replications),
            executor=chosen_executor(executor),
        )
        evaluate_plans(instance, [plan, *others], follow, picture, as_json=as_json)


def _tell(replications: int, done: int) -> None:
    typer.echo(f"replication {done} of {replications}", err=True)


def evaluate_plans(
    instance: Instance,
    plans: Sequence[Plan],
    evaluate: Evaluate,
    picture: Path | None = None,
    *,
    as_json: bool,
) -> None:
    """Evaluate the first plan and compare the others with it; print what was found.

    The picture, if one is wanted, is that of cash and collateral over time.
    """
    plan, *others = plans
    warnings = [text for made in plans for text in warnings_about(instance, made)]
    found = evaluate(instance, plan, others)
    if picture is not None:
        _draw(found, instance.financing.collateral_cover, picture)
    if as_json:
        print_json(with_picture(found, picture, warnings=warnings))
        return
    for warning in warnings:
        typer.echo(f"warning: {warning}", err=True)
    print_tables(
        statistics(found, plan),
        differences(found),
        few_periods(found),
        materials(found),
        products(found),
        replays(found),
        quality(found),
    )
    if picture is not None:
        typer.echo(f"Picture: {picture}")


def _draw(found: Evaluation, cover_limit: float | None, picture: Path) -> None:
    # The drawing library takes half a second to load.
    from service.pictures.financing import financing_picture  # noqa: PLC0415
    from service.pictures.style import save  # noqa: PLC0415

    draw = partial(financing_picture, found.fans, found.scenarios, cover_limit)
    save(draw, picture)
