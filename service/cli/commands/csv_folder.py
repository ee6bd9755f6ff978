"""strongroom csv: a case as a folder of CSV files, which every command reads."""

from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer

from service.casefiles import path_of
from service.cli.inputs import read_case
from service.cli.options import CaseArgument, JsonOption, SetOption, StrictOption
from service.cli.reporting import print_json, reported
from service.cli.screen import echo
from service.csv_folder.conventions import FILE
from service.csv_folder.writing import case_as_csv_files
from service.files.text import fault
from service.files.writing import check_output, make_folder, write_whole


class Decimal(StrEnum):
    """What stands before the decimals of a number."""

    POINT = "point"
    COMMA = "comma"


def command(
    case: CaseArgument,
    folder: Annotated[
        Path,
        typer.Argument(
            metavar="FOLDER",
            help="Folder to write to; made if absent. One that has other files is left "
            "alone.",
        ),
    ],
    *,
    decimal: Annotated[
        Decimal,
        typer.Option(
            help="Sign before decimals; with a comma, semicolons part the cells."
        ),
    ] = Decimal.POINT,
    assignments: SetOption = None,
    strict: StrictOption = False,
    as_json: JsonOption = False,
) -> None:
    """Write a case as a folder of CSV files to edit: a file for each table.

    Every command that takes a case takes the folder in its place, and names the file,
    row and column of each mistake. Variants of the case are not in it; CASE:VARIANT
    writes one.
    """
    with reported(as_json=as_json):
        instance = read_case(case, assignments, is_strict=strict)
        files = case_as_csv_files(instance, decimal.value)
        _check_folder(folder, path_of(case))
        make_folder(folder)
        for name in files:
            check_output(folder / name, {})
        for name, content in files.items():
            write_whole(content, folder / name)
        size = sum(map(len, files.values()))
        written = {"path": str(folder), "files": len(files), "bytes": size}
        if as_json:
            answer = {"content_hash": instance.content_hash, "folder": written}
            print_json(answer)
            return
        echo(f"folder: {folder}, {len(files)} files, {size:,} bytes")


def _check_folder(folder: Path, case: Path | None) -> None:
    """Raise InvalidCaseError if a folder has what is not of an earlier writing."""
    if not folder.is_dir():
        return
    if case is not None and case.is_dir() and case.samefile(folder):
        raise fault(str(folder), "the folder of the case", "another folder")
    if any(folder.iterdir()) and not (folder / FILE).is_file():
        expected = f"an empty folder, a new one, or one with a {FILE}"
        raise fault(str(folder), "a folder with other files", expected)
