"""strongroom workbook: a case as an Excel workbook, which every command reads."""

from pathlib import Path
from typing import Annotated

import typer

from service.casefiles import path_of
from service.cli.inputs import read_case
from service.cli.options import CaseArgument, JsonOption, SetOption, StrictOption
from service.cli.reporting import print_json, reported
from service.cli.screen import echo
from service.files.text import fault
from service.files.writing import check_output, write_whole

ENDING = ".xlsx"


def command(
    case: CaseArgument,
    path: Annotated[
        Path,
        typer.Argument(metavar="FILE", help=f"File to write; ends in {ENDING}."),
    ],
    *,
    assignments: SetOption = None,
    strict: StrictOption = False,
    as_json: JsonOption = False,
) -> None:
    """Write a case as a workbook to edit in a spreadsheet: a sheet for each table.

    Every command that takes a case takes the workbook in its place, and names the cell
    of each mistake. Variants of the case are not in it; CASE:VARIANT writes one.
    """
    with reported(as_json=as_json):
        instance = read_case(case, assignments, is_strict=strict)
        if path.suffix != ENDING:
            raise fault(str(path), path.name, f"a name that ends in {ENDING}")
        check_output(path, {"the file of the case": path_of(case)})
        from service.workbook.writing import (  # noqa: PLC0415 - slow to load
            case_as_workbook,
        )

        content = case_as_workbook(instance)
        write_whole(content, path)
        written = {"path": str(path), "bytes": len(content)}
        if as_json:
            print_json({"content_hash": instance.content_hash, "file": written})
            return
        echo(f"workbook: {path}, {len(content):,} bytes")
