"""strongroom financing: schedule, covenants, collateral and stress of a plan."""

from functools import partial
from typing import Annotated

import typer

from models.instance import Instance
from models.mistakes import Mistake
from models.plan import Plan
from models.reading import InvalidCaseError
from service.cli.inputs import read_planned_case
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
    StrictOption,
)
from service.cli.output_files import check_picture
from service.cli.reporting import print_document, reported
from service.cli.screen import print_tables
from service.cli.tables.financing import financing_tables

PriceFallOption = Annotated[
    float,
    typer.Option(min=0, max=0.99, help="Stress: fall of all prices; 0.3 is 30 %."),
]
DefaultOption = Annotated[
    str | None,
    typer.Option(
        metavar="NAME",
        help="Stress: participant in default. If absent, the one with the largest "
        "rights.",
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
    strict: StrictOption = False,
    as_json: JsonOption = False,
) -> None:
    """Show what a lender asks for: schedule, covenants, collateral, stress."""
    with reported(as_json=as_json):
        given = read_planned_case(case, path, assignments, is_strict=strict)
        _check_default(given.instance, given.plan, default)
        check_picture(picture)
        from service.optimization import financing_view  # noqa: PLC0415 - slow to load

        found = financing_view(
            given.instance,
            given.plan,
            number_of_scenarios=scenarios,
            seed=given.fresh_seed(seed),
            price_fall=price_fall,
            defaulted=default,
        )
        if picture is not None:
            from service.pictures.financing import (  # noqa: PLC0415 - slow to load
                financing_picture,
            )
            from service.pictures.style import save  # noqa: PLC0415

            limit = found.covenants.collateral_cover_limit
            save(
                partial(financing_picture, found.fans, found.scenarios, limit), picture
            )
        warnings = given.warnings
        if as_json:
            print_document(found, warnings=warnings, picture=picture)
        else:
            tables = financing_tables(found)
            print_tables(*tables, warnings=warnings, picture=picture)


def _check_default(instance: Instance, plan: Plan, name: str | None) -> None:
    holders = {x.participant for x in plan.tranches() if x.participant is not None}
    if name is None or name in holders:
        return
    known = {participant.id for participant in instance.participants}
    expected = "a participant with a right in the plan"
    listed = ", ".join(sorted(holders)) or "none has one"
    value = name if name in known else f"{name}, which the case does not know"
    raise InvalidCaseError([Mistake("default", value, f"{expected}: {listed}")])
