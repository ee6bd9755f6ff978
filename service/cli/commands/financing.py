"""strongroom financing: schedule, covenants, collateral and stress of a plan."""

from typing import Annotated

from models.financing_view import FinancingView
from service.analyses.parameters import (
    DEFAULT_NUMBER_OF_SCENARIOS,
    DEFAULT_PRICE_FALL,
    FinancingParameters,
)
from service.cli.analyses import (
    analysed,
    local,
    parameters_of,
    picture_format,
    plan_mistakes_of,
    run_of,
    write_picture,
)
from service.cli.inputs import read_planned_case
from service.cli.options import (
    CaseArgument,
    FreshOption,
    FreshSeedOption,
    JsonOption,
    PictureOption,
    PlanArgument,
    SetOption,
    StrictOption,
    parameter,
)
from service.cli.output_files import check_picture
from service.cli.reporting import print_json, reported
from service.cli.screen import print_tables
from service.printing.financing import financing_tables

PriceFallOption = Annotated[
    float, parameter(FinancingParameters, "price_fall", "--price-fall")
]
DefaultOption = Annotated[
    str | None,
    parameter(
        FinancingParameters,
        "default",
        "--default",
        metavar="NAME",
        show_default=False,
    ),
]


def command(  # noqa: PLR0913 - one for each option of the command
    case: CaseArgument,
    path: PlanArgument,
    *,
    number_of_scenarios: FreshOption = DEFAULT_NUMBER_OF_SCENARIOS,
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
        parameters = parameters_of(
            FinancingParameters,
            command,
            number_of_scenarios=number_of_scenarios,
            seed=seed,
            price_fall=price_fall,
            default=default,
            picture=picture_format(picture),
        )
        further = plan_mistakes_of(parameters, command)
        given = read_planned_case(case, path, assignments, further, is_strict=strict)
        check_picture(picture)
        run = run_of(None, as_json=as_json)
        result = analysed("financing", given, parameters, run)
        write_picture(result, picture)
        if as_json:
            print_json({**result.answer, "picture": local(picture)})
            return
        assert isinstance(result.found, FinancingView)  # noqa: S101 - what it finds
        tables = financing_tables(result.found)
        print_tables(*tables, warnings=given.warnings, picture=picture)
