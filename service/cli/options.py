"""Arguments and options that several commands share, with their defaults."""

from collections.abc import Callable, Mapping
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer
from pydantic import ValidationError

from models.reading import InvalidCaseError
from service.analyses.parameters import (
    AnalysisParameters,
    ExchangeParameters,
    FreshParameters,
    ParticipantParameters,
    RuleParameters,
)
from service.files.validation import mistakes_in

if TYPE_CHECKING:
    from service.settings import Settings


def parameter(
    kind: type[AnalysisParameters],
    field: str,
    *names: str,
    **further: Any,  # noqa: ANN401 - as of typer.Option
) -> Any:  # noqa: ANN401
    """Return the option of a parameter of an analysis, with its help and limits."""
    told = kind.model_fields[field]
    limits = {
        option: getattr(limit, name)
        for limit in told.metadata
        for name, option in (("ge", "min"), ("le", "max"))
        if hasattr(limit, name)
    }
    return typer.Option(*names, help=told.description, **{**limits, **further})


CaseArgument = Annotated[
    str,
    typer.Argument(
        metavar="CASE",
        help="YAML, JSON or Excel file, folder of CSV files, or name of a shipped case "
        "(strongroom cases); CASE:VARIANT is a variant of it.",
    ),
]
PlanArgument = Annotated[
    Path,
    typer.Argument(
        metavar="PLAN",
        help="File of a plan (written by solve --output).",
        show_default=False,
    ),
]
SetOption = Annotated[
    list[str] | None,
    typer.Option(
        "--set",
        metavar="PATH=VALUE",
        help="Change a value of the case, as in financing.loan.limit_usd=8e9. "
        "Repeatable.",
        show_default=False,
    ),
]
JsonOption = Annotated[
    bool, typer.Option("--json", help="Print one JSON object and nothing else.")
]
StrictOption = Annotated[
    bool,
    typer.Option("--strict", help="Refuse a case that has warnings (exit status 2)."),
]
ExecutorOption = Annotated[
    str | None,
    typer.Option(
        "--executor",
        help="Where scenarios are computed: local (one process per core of this "
        "machine, if the work is large enough), local:NUMBER (NUMBER processes), here "
        "(this process), mpi (the ranks of this MPI run) or dask:ADDRESS (of a "
        "scheduler). Default: STRONGROOM_EXECUTOR, else local.",
        show_default=False,
    ),
]
KeepOption = Annotated[
    Path | None,
    typer.Option(
        "--keep",
        metavar="FILE",
        help="Keep what is finished in this file; go on from what is in it.",
    ),
]
PictureOption = Annotated[
    Path | None,
    typer.Option(
        metavar="FILE",
        help="Also draw the result to FILE, which ends in .svg or .png.",
        show_default=False,
    ),
]

# The scenarios that a case is planned on.
ScenariosOption = Annotated[
    int | None,
    typer.Option(
        "--scenarios", help="Number of planning scenarios.", show_default=False
    ),
]
SeedOption = Annotated[
    int | None, typer.Option(help="Seed of the sampling.", show_default=False)
]

ParticipantArgument = Annotated[
    str,
    typer.Argument(
        metavar="NAME",
        help=ParticipantParameters.model_fields["participant"].description,
        show_default=False,
    ),
]

# The fresh scenarios that a plan or a right is followed through.
FreshOption = Annotated[
    int, parameter(FreshParameters, "number_of_scenarios", "--scenarios")
]
FreshSeedOption = Annotated[
    int | None, parameter(FreshParameters, "seed", "--seed", show_default=False)
]

# The rules that a plan is compared with.
TriggerOption = Annotated[
    float, parameter(RuleParameters, "price_trigger", "--price-trigger")
]
ValueOption = Annotated[
    int, parameter(RuleParameters, "value_scenarios", "--value-scenarios")
]

# How a case is written for other solvers.
RelaxedOption = Annotated[
    bool, parameter(ExchangeParameters, "is_relaxed", "--relaxed")
]

DataDirectoryOption = Annotated[
    Path | None,
    typer.Option(
        "--data-dir",
        help="Folder of the SQLite file. STRONGROOM_DATABASE_URL takes precedence.",
        show_default=False,
    ),
]


def chosen_executor(given: str | None) -> str:
    """Return the executor given, else that of the settings."""
    from service.settings import Settings  # noqa: PLC0415 - slow to load

    return given or Settings().executor


def settings_of(given: Mapping[str, object]) -> "Settings":
    """Return the settings given, completed from the environment.

    Raises InvalidCaseError if one is wrong.
    """
    from service.settings import (  # noqa: PLC0415 - slow to load
        ENVIRONMENT_PREFIX,
        Settings,
    )

    is_given = {name: value for name, value in given.items() if value is not None}
    try:
        return Settings.model_validate(is_given)
    except ValidationError as error:
        mistakes = mistakes_in(error, "settings")
        raise InvalidCaseError(
            [
                # A setting that no option gave is named by its variable.
                x
                if x.path in is_given
                else replace(x, path=f"{ENVIRONMENT_PREFIX}{x.path.upper()}")
                for x in mistakes
            ]
        ) from None


def run_with(run: "Callable[[Settings], None]", given: Mapping[str, object]) -> None:
    """Run with the settings given, completed from the environment.

    Raises InvalidCaseError if a setting is wrong or the store cannot be used.
    """
    from service.errors import OperatorError  # noqa: PLC0415

    try:
        run(settings_of(given))
    except OperatorError as error:
        raise InvalidCaseError([error.mistake]) from None
