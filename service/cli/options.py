"""Options and arguments that several commands share, and how they are resolved."""

from collections.abc import Callable, Mapping
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from models.reading import InvalidCaseError
from models.record import LARGEST_WHOLE

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
        help="A YAML or JSON file, or the name of a shipped case (strongroom cases).",
    ),
]
PlanArgument = Annotated[
    Path,
    typer.Argument(
        metavar="PLAN",
        help="The file of a plan (solve --output).",
        show_default=False,
    ),
]
SetOption = Annotated[
    list[str] | None,
    typer.Option(
        "--set",
        metavar="PATH=VALUE",
        help="Change the case, as in financing.loan.limit_usd=8e9. Repeatable.",
        show_default=False,
    ),
]
JsonOption = Annotated[
    bool, typer.Option("--json", help="Print one JSON object and nothing else.")
]
ExecutorOption = Annotated[
    str | None,
    typer.Option(
        "--executor",
        help="Where scenarios are worked on: local (a process for each core of "
        "this machine, if the work is large enough), local:NUMBER of processes, here "
        "(no other process), mpi (the ranks of this MPI run) or dask:ADDRESS of a "
        "scheduler. If absent, what STRONGROOM_EXECUTOR says, else local.",
        show_default=False,
    ),
]
PictureOption = Annotated[
    Path | None,
    typer.Option(
        metavar="FILE",
        help="Draw what is found into FILE, which ends in .svg or .png.",
        show_default=False,
    ),
]

# The scenarios that a case is planned on.
ScenariosOption = Annotated[
    int | None, typer.Option(help="Planning scenarios.", show_default=False)
]
SeedOption = Annotated[
    int | None, typer.Option(help="Seed of the sampling.", show_default=False)
]

# The fresh scenarios that a plan is followed through.
FreshOption = Annotated[
    int, typer.Option("--scenarios", min=1, max=1_000_000, help="Fresh scenarios.")
]
FreshSeedOption = Annotated[
    int | None,
    typer.Option(
        "--seed",
        min=0,
        max=LARGEST_WHOLE,
        help="Seed of the scenarios; if absent, the plan's seed + 1.",
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
        help="Multiple of the undisrupted price at which that rule releases.",
    ),
]
ValueOption = Annotated[
    int,
    typer.Option(
        "--value-scenarios",
        min=0,
        max=1_000,
        help="Planning scenarios for the value of information; 0: leave it out.",
    ),
]

DataDirectoryOption = Annotated[
    Path | None,
    typer.Option(
        "--data-dir",
        help="Folder of the SQLite file. STRONGROOM_DATABASE_URL goes before.",
        show_default=False,
    ),
]


def chosen_executor(given: str | None) -> str:
    """Return what is given, else what the environment says."""
    # Settings take a moment to load: not for --help.
    from service.settings import Settings  # noqa: PLC0415

    return given or Settings().executor


def settings_of(given: Mapping[str, object]) -> "Settings":
    """Return the settings, those that are not given being those of the environment.

    Raises InvalidCaseError if one is wrong.
    """
    # The store: commands without it need not load it.
    from pydantic import ValidationError  # noqa: PLC0415

    from service.files.validation import mistakes_in  # noqa: PLC0415
    from service.settings import ENVIRONMENT_PREFIX, Settings  # noqa: PLC0415

    is_given = {name: value for name, value in given.items() if value is not None}
    try:
        return Settings.model_validate(is_given)
    except ValidationError as error:
        mistakes = mistakes_in(error, "settings")
        raise InvalidCaseError(
            [
                # What no option gave is the environment's: by the name it has there.
                x
                if x.path in is_given
                else replace(x, path=f"{ENVIRONMENT_PREFIX}{x.path.upper()}")
                for x in mistakes
            ]
        ) from None


def run_with(run: "Callable[[Settings], None]", given: Mapping[str, object]) -> None:
    """Run with the settings that are given, the others being those of the environment.

    Raise InvalidCaseError if a setting is wrong or the store cannot be used.
    """
    from service.errors import StoreUnusableError  # noqa: PLC0415

    try:
        run(settings_of(given))
    except StoreUnusableError as error:
        raise InvalidCaseError([error.mistake]) from None
