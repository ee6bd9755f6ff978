"""Files of scenarios as options of commands: read, or the mistake that they are."""

from collections.abc import Mapping
from pathlib import Path
from typing import Annotated

import typer

from models.mistakes import Mistake
from models.reading import InvalidCaseError
from models.scenario_table import ScenarioTable
from service.files.text import fault, read_bytes

ENDINGS = (".parquet", ".csv")

ScenariosFromOption = Annotated[
    Path | None,
    typer.Option(
        "--scenarios-from",
        metavar="FILE",
        help="Use the scenarios in this file (.parquet or .csv), as strongroom "
        "scenarios writes it.",
        show_default=False,
    ),
]


def check_alone(path: Path | None, others: Mapping[str, object]) -> None:
    """Raise InvalidCaseError for options that say what the file says."""
    given = [name for name, value in others.items() if value is not None]
    if path is not None and given:
        expected = "nothing: the file of --scenarios-from has its own"
        raise InvalidCaseError([Mistake(x, others[x], expected) for x in given])


def check_ending(path: Path) -> None:
    """Raise InvalidCaseError unless a file is of a format that scenarios have."""
    if path.suffix not in ENDINGS:
        expected = f"a name that ends in {' or '.join(ENDINGS)}"
        raise fault(str(path), path.name, expected)


def read_scenario_table(path: Path) -> ScenarioTable:
    """Return the table of scenarios in a file.

    Raises InvalidCaseError if there is none; mistakes in the table are in it.
    """
    check_ending(path)
    content = read_bytes(path, "a file of scenarios")
    from service.tabular.scenario_files import (  # noqa: PLC0415 - slow to load
        read_scenario_file,
    )

    try:
        return read_scenario_file(content, path.suffix)
    except ValueError as error:
        expected = f"a file of scenarios ({path.suffix})"
        raise fault(str(path), str(error), expected) from None
