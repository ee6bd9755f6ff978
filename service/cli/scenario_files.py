"""Files of scenarios as options of commands: read, or the mistake that they are."""

from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from models.mistakes import Mistake
from models.reading import InvalidCaseError
from models.scenario_table import ScenarioTable
from service.files.text import fault, read_bytes
from service.files.writing import check_output, write_whole

if TYPE_CHECKING:
    from service.optimization import ScenarioResults

ENDINGS = (".parquet", ".csv")
MOST_BYTES = 1_000_000_000  # CSV of the reference case has 1 MB for each scenario

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


def check_alone(
    option: str,
    *,
    is_given: bool,
    number: int | None,
    seed: int | None,
    default_number: int | None = None,
) -> None:
    """Raise InvalidCaseError for what says beside an option which scenarios are used.

    number, seed: of those that are drawn; None or the default if not asked for.
    """
    others = {
        "--scenarios": None if number == default_number else number,
        "--seed": seed,
    }
    given = [name for name, value in others.items() if value is not None]
    if is_given and given:
        expected = f"nothing beside {option}, which says which scenarios"
        raise InvalidCaseError([Mistake(x, others[x], expected) for x in given])


def check_ending(path: Path) -> None:
    """Raise InvalidCaseError unless a file is of a format that scenarios have."""
    if path.suffix not in ENDINGS:
        expected = f"a name that ends in {' or '.join(ENDINGS)}"
        raise fault(str(path), path.name, expected)


def read_scenario_table(path: Path | None) -> ScenarioTable | None:
    """Return the table of scenarios in a file; None if there is no file.

    Raises InvalidCaseError if there is none; mistakes in the table are in it.
    """
    if path is None:
        return None
    check_ending(path)
    content = read_bytes(path, "a file of scenarios", MOST_BYTES)
    from service.tabular.scenario_files import (  # noqa: PLC0415 - slow to load
        read_scenario_file,
    )

    try:
        return read_scenario_file(content, path.suffix)
    except ValueError as error:
        expected = f"a file of scenarios ({path.suffix})"
        raise fault(str(path), str(error), expected) from None


def check_results(path: Path | None, others: Mapping[str, Path | None]) -> None:
    """Raise InvalidCaseError unless results by scenario can be written to a file."""
    if path is None:
        return
    check_ending(path)
    for written in (path, _periods_file(path)):
        check_output(written, {f"the file of the {k}": x for k, x in others.items()})


def write_results(results: "ScenarioResults", path: Path) -> None:
    """Write results by scenario to a file, and those by period to one beside it."""
    from service.analyses.scenario_results import (  # noqa: PLC0415 - slow to load
        result_tables,
    )
    from service.tabular.table_files import arrays_as_file  # noqa: PLC0415

    tables = result_tables(results)
    for name, written in (("scenarios", path), ("periods", _periods_file(path))):
        write_whole(arrays_as_file(tables[name], path.suffix), written)


def _periods_file(path: Path) -> Path:
    return path.with_name(f"{path.stem}_periods{path.suffix}")
