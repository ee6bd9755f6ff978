"""Arguments and options that several commands share, with their defaults."""

from collections.abc import Callable, Mapping
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer
from pydantic import ValidationError

from models.reading import InvalidCaseError
from models.record import LARGEST_WHOLE
from service.files.validation import mistakes_in

if TYPE_CHECKING:
    from service.settings import Settings

DEFAULT_NUMBER_OF_SCENARIOS = 1_000
DEFAULT_VALUE_SCENARIOS = 20
DEFAULT_PRICE_TRIGGER = 1.5
DEFAULT_PRICE_FALL = 0.3
DEFAULT_CHANGES = (0.15, 0.2)  # of an assumption, both ways
BUDGET_FACTORS = (0.9, 0.95, 1.0, 1.05, 1.1)  # of the budgets of an explanation

CaseArgument = Annotated[
    str,
    typer.Argument(
        metavar="CASE",
        help="YAML or JSON file, or name of a shipped case (strongroom cases); "
        "CASE:VARIANT is a variant of it.",
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
    int | None, typer.Option(help="Number of planning scenarios.", show_default=False)
]
SeedOption = Annotated[
    int | None, typer.Option(help="Seed of the sampling.", show_default=False)
]

# The fresh scenarios that a plan is followed through.
FreshOption = Annotated[
    int,
    typer.Option(
        "--scenarios", min=1, max=1_000_000, help="Number of fresh scenarios."
    ),
]
FreshSeedOption = Annotated[
    int | None,
    typer.Option(
        "--seed",
        min=0,
        max=LARGEST_WHOLE,
        help="Seed of the fresh scenarios. Default: the plan's seed + 1.",
        show_default=False,
    ),
]

# The rules that a plan is compared with.
TriggerOption = Annotated[
    float,
    typer.Option(
        "--price-trigger",
        min=1.0,
        max=100.0,
        help="Price at which the price-trigger rule releases, as a multiple of the "
        "undisrupted price.",
    ),
]
ValueOption = Annotated[
    int,
    typer.Option(
        "--value-scenarios",
        min=0,
        max=1_000,
        help="Planning scenarios for the value of information; 0 skips it.",
    ),
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
