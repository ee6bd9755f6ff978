"""strongroom financing: schedule, covenants, collateral and stress of a plan."""

from functools import partial
from pathlib import Path
from typing import Annotated

import typer

from models.financing_view import FinancingView
from models.instance import Instance
from models.mistakes import Mistake
from models.plan import Plan
from models.reading import InvalidCaseError
from service.cli.inputs import fresh_seed, read_case, read_plan_for, warnings_about
from service.cli.options import (
    DEFAULT_NUMBER_OF_SCENARIOS,
    DEFAULT_PRICE_FALL,
    CaseArgument,
    FreshOption,
    FreshSeedOption,
    JsonOption,
    PictureOption,
    PlanArgument,
    SetOption,
)
from service.cli.output_files import check_picture, with_picture
from service.cli.reporting import print_json, reported
from service.cli.screen import print_tables
from service.cli.tables.financing import covenants, fans, schedule, stresses

PriceFallOption = Annotated[
    float,
    typer.Option(min=0, max=0.99, help="Stress: fall of all prices, 0.3 is 30 %."),
]
DefaultOption = Annotated[
    str | None,
    typer.Option(
        metavar="NAME",
        help="Stress: participant in default; if absent, that with the largest rights.",
        show_default=False,
    ),
]


def command(  # noqa: PLR0913 - one for each option of the command
    case: CaseArgument,
    path: PlanArgument,
    *,
    scenarios: FreshOption = DEFAULT_NUMBER_OF_SCENARIOS,
    seed: FreshSeedOption = None,
    price_fall: PriceFallOption = DEFAULT_PRICE_FALL,
    default: DefaultOption = None,
    picture: PictureOption = None,
    assignments: SetOption = None,
    as_json: JsonOption = False,
) -> None:
    """Show what a lender asks of a plan: schedule, covenants, collateral, stress."""
    with reported(as_json=as_json):
        instance = read_case(case, assignments)
        plan = read_plan_for(instance, path)
        _check_default(instance, plan, default)
        check_picture(picture)
        # The simulator takes a second to load: not for --help, nor for a wrong case.
        from service.optimization import financing_view  # noqa: PLC0415

        found = financing_view(
            instance,
            plan,
            number_of_scenarios=scenarios,
            seed=fresh_seed(plan, seed),
            price_fall=price_fall,
            defaulted=default,
        )
        if picture is not None:
            _draw(found, picture)
        _report(found, warnings_about(instance, plan), picture, as_json=as_json)


def _check_default(instance: Instance, plan: Plan, name: str | None) -> None:
    holders = {x.participant for x in plan.tranches() if x.participant is not None}
    if name is None or name in holders:
        return
    known = {participant.id for participant in instance.participants}
    expected = "a participant with a right in the plan"
    listed = ", ".join(sorted(holders)) or "none has one"
    said = name if name in known else f"{name}, which the case does not know"
    raise InvalidCaseError([Mistake("default", said, f"{expected}: {listed}")])


def _draw(found: FinancingView, picture: Path) -> None:
    from service.pictures.financing import financing_picture  # noqa: PLC0415 - slow
    from service.pictures.style import save  # noqa: PLC0415

    limit = found.covenants.collateral_cover_limit
    draw = partial(financing_picture, found.fans, found.scenarios, limit)
    save(draw, picture)


def _report(
    found: FinancingView, warnings: list[str], picture: Path | None, *, as_json: bool
) -> None:
    if as_json:
        print_json(with_picture(found, picture, warnings=warnings))
        return
    for warning in warnings:
        typer.echo(f"warning: {warning}", err=True)
    print_tables(schedule(found), fans(found), covenants(found), stresses(found))
    if picture is not None:
        typer.echo(f"Picture: {picture}")
