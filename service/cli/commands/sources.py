"""strongroom sources: the figures of a case by kind and by weight in the answer."""

from enum import StrEnum
from pathlib import Path
from typing import Annotated, cast

import typer
from pydantic import ValidationError

from models.instance import Instance
from models.reading import InvalidCaseError
from models.sensitivity import Sensitivity
from models.sourced_figures import figures_in
from service.casefiles import load_values
from service.cli.inputs import read_case
from service.cli.options import CaseArgument, JsonOption, SetOption, StrictOption
from service.cli.reporting import print_json, reported
from service.cli.screen import print_tables
from service.files.text import fault
from service.files.validation import mistakes_in
from service.printing.figure_sources import counts_by_kind, figure_tables, weight_of


class SourceKind(StrEnum):
    """A kind of source."""

    SOURCED = "sourced"
    ASSUMPTION = "assumption"
    ILLUSTRATIVE = "illustrative"
    CALIBRATED = "calibrated"
    NONE = "none"


def command(  # noqa: PLR0913 - one for each option of the command
    case: CaseArgument,
    *,
    sensitivity: Annotated[
        Path | None,
        typer.Option(
            metavar="FILE",
            help="Answer of strongroom sensitivity CASE --json, for weights.",
            show_default=False,
        ),
    ] = None,
    kinds: Annotated[
        list[SourceKind] | None,
        typer.Option("--kind", help="Only figures of this kind. Repeatable."),
    ] = None,
    is_each: Annotated[
        bool, typer.Option("--each", help="List each figure, not groups of them.")
    ] = False,
    assignments: SetOption = None,
    strict: StrictOption = False,
    as_json: JsonOption = False,
) -> None:
    """List the figures of a case by where they come from, the weightiest first.

    A figure is sourced, an assumption, illustrative, calibrated, or has no source.
    """
    with reported(as_json=as_json):
        instance = read_case(case, assignments, is_strict=strict)
        answer = _read_sensitivity(sensitivity, instance) if sensitivity else None
        wanted = set(kinds or SourceKind)
        figures = [x for x in figures_in(instance) if x.kind in wanted]
        if not as_json:
            tables = figure_tables(instance, figures, answer, is_each=is_each)
            print_tables(*tables)
            return
        weights = answer.avoided_ranges if answer else {}
        print_json(
            {
                "content_hash": instance.content_hash,
                "figures_by_kind": counts_by_kind(figures),
                "figures": [
                    {
                        "path": x.path,
                        "of": x.label,
                        "kind": x.kind,
                        "value": x.value if isinstance(x.value, int | float) else None,
                        "source": x.source,
                        "weight": weight_of(x, weights),
                    }
                    for x in figures
                ],
            }
        )


def _read_sensitivity(path: Path, case: Instance) -> Sensitivity:
    """Return the answer of a sensitivity of the case; raise InvalidCaseError."""
    values = load_values(str(path))
    if not isinstance(values, dict):
        raise fault(str(path), type(values).__name__, "the JSON of a sensitivity")
    given = cast("dict[str, object]", values)
    known = {x: given[x] for x in Sensitivity.model_fields if x in given}
    try:
        found = Sensitivity.model_validate(known)
    except ValidationError as error:
        raise InvalidCaseError(mistakes_in(error, str(path))) from None
    if found.instance_hash != case.content_hash:
        expected = f"{case.content_hash}: that of this case, with the same --set"
        raise fault(str(path), found.instance_hash, expected)
    return found
