"""strongroom workbook: a case or another document as an Excel workbook."""

from pathlib import Path
from typing import Annotated

import typer

from models.content import content_hash
from models.instance import Instance
from models.record import Record
from service.casefiles import path_of
from service.cli.inputs import read_case
from service.cli.options import JsonOption, SetOption, StrictOption
from service.cli.reporting import print_json, reported
from service.cli.screen import echo
from service.files.documents import read_document
from service.files.text import fault
from service.files.writing import check_output, write_whole

ENDING = ".xlsx"
DocumentArgument = Annotated[
    str,
    typer.Argument(
        metavar="CASE",
        help="A case as other commands take it; or a plan, evaluation or batch that "
        "one has written as JSON.",
    ),
]


def command(
    case: DocumentArgument,
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
    of each mistake. Variants of the case are not in it; CASE:VARIANT writes one. A
    plan, an evaluation and a batch become workbooks to read.
    """
    with reported(as_json=as_json):
        if path.suffix != ENDING:
            raise fault(str(path), path.name, f"a name that ends in {ENDING}")
        check_output(path, {"the file of the case": path_of(case)})
        found = read_document(Path(case))
        if found is None:
            instance = read_case(case, assignments, is_strict=strict)
            content, sha256 = _of_case(instance), instance.content_hash
        else:
            if assignments:
                option, expected = "--set", f"a case, not a {found[0]}"
                raise fault(option, assignments[0], expected)
            content, sha256 = _of_document(*found), content_hash(found[1])
        write_whole(content, path)
        written = {"path": str(path), "bytes": len(content)}
        if as_json:
            print_json({"content_hash": sha256, "file": written})
            return
        echo(f"workbook: {path}, {len(content):,} bytes")


def _of_case(case: Instance) -> bytes:
    from service.workbook.writing import (  # noqa: PLC0415 - slow to load
        case_as_workbook,
    )

    return case_as_workbook(case)


def _of_document(kind: str, document: Record) -> bytes:
    """Return a workbook of the tables of a document, and of what its columns mean."""
    from service.tabular import table_files, workbooks  # noqa: PLC0415 - slow to load

    tables = table_files.document_tables({kind: document})
    return workbooks.as_workbook([*tables, table_files.dictionary(tables)])
