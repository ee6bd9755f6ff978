"""From the words on the command line to a case that was read and checked."""

from collections.abc import Mapping, Sequence
from typing import Annotated

import typer

from models.instance import Instance
from models.reading import read_instance
from service.casefiles import load
from service.overrides import override

CaseArgument = Annotated[
    str,
    typer.Argument(
        metavar="CASE",
        help="A YAML or JSON file, or the name of a shipped case (strongroom cases).",
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


def read_case(
    name_or_path: str,
    assignments: Sequence[str] | None = None,
    options: Mapping[str, object] | None = None,
) -> Instance:
    """Return the case with its assignments and those options that are not None.

    Raises InvalidCaseError if anything is wrong with the file, a path or the case.
    """
    case = override(load(name_or_path), assignments or [])
    given = {key: value for key, value in (options or {}).items() if value is not None}
    if given:
        case = override(
            case, [f"options.{key}={value}" for key, value in given.items()]
        )
    return read_instance(case)
