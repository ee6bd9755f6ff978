"""strongroom new: a case for chosen minerals and users, out of the shipped data."""

import sys
from dataclasses import asdict
from pathlib import Path
from typing import Annotated

import typer

from models.reading import read_instance
from service.cases.building.build import build
from service.cases.building.order import MONTHS
from service.cases.building.text import as_text
from service.cli.options import JsonOption
from service.cli.questions import Wishes, completed
from service.cli.reporting import print_json, reported
from service.cli.screen import echo, print_tables
from service.files.text import fault
from service.files.writing import check_writable, write_whole
from service.printing.built_case import built_case_tables


def command(  # noqa: PLR0913 - one for each option of the command
    *,
    minerals: Annotated[
        list[str] | None,
        typer.Option(
            "--minerals",
            metavar="LIST",
            help="Minerals and groups of them, with commas: gallium,"
            "magnet_rare_earths. Repeatable. A wrong one is answered with all names.",
            show_default=False,
        ),
    ] = None,
    country: Annotated[
        str | None,
        typer.Option(
            help="Country of the users, by name or ISO code: Japan, KOR.",
            show_default=False,
        ),
    ] = None,
    makers: Annotated[
        list[str] | None,
        typer.Option(
            "--makers",
            metavar="LIST",
            help="Makers to plan for, with commas; a wrong one is answered with all "
            "that need a chosen mineral. Default: all.",
            show_default=False,
        ),
    ] = None,
    budget: Annotated[
        str | None,
        typer.Option(
            help="US dollars: 500e6, '500 million' or 1.5bn.", show_default=False
        ),
    ] = None,
    months: Annotated[int, typer.Option(help="Months to plan for.")] = MONTHS,
    needs: Annotated[
        list[str] | None,
        typer.Option(
            "--need",
            metavar="MINERAL=TONNES",
            help="What all makers of the country need of a mineral in a year, if you "
            "know it better. Repeatable.",
            show_default=False,
        ),
    ] = None,
    has_contracts: Annotated[
        bool,
        typer.Option(
            "--with-contracts",
            help="Also offer the contracts and rights that the shipped cases have for "
            "the United States or Japan.",
        ),
    ] = False,
    output: Annotated[
        Path | None,
        typer.Option(
            metavar="FILE",
            help="File of the case; else its name in this folder.",
            show_default=False,
        ),
    ] = None,
    is_replacing: Annotated[
        bool, typer.Option("--replace", help="Replace a file that is there.")
    ] = False,
    as_json: JsonOption = False,
) -> None:
    """Build a case out of the shipped data: each figure with its source.

    In a terminal it asks for what is not given. It says what the data do not have, and
    what the case assumes instead.
    """
    with reported(as_json=as_json):
        is_asking = sys.stdin.isatty() and not as_json
        wishes = Wishes(
            tuple(minerals or ()),
            country or "",
            tuple(makers or ()),
            budget or "",
            months,
            tuple(needs or ()),
            has_contracts,
        )
        if is_asking:
            wishes = completed(wishes)
        order = wishes.order()
        built = build(order)
        instance = read_instance(built.content)
        path = output or Path(f"{instance.id}.yaml")
        _check_free(path, is_replacing=is_replacing, is_asking=is_asking)
        write_whole(as_text(built).encode(), path)
        if as_json:
            missing = [asdict(x) for x in built.missing]
            file = {"path": str(path), "content_hash": instance.content_hash}
            print_json({"file": file, "id": instance.id, "missing": missing})
            return
        print_tables(*built_case_tables(built, instance))
        echo(f"case: {path}")
        echo(f"next: strongroom solve {path} --output plan.json")


def _check_free(path: Path, *, is_replacing: bool, is_asking: bool) -> None:
    """Raise InvalidCaseError if a file is there that must stay, or none can be."""
    check_writable(path)
    if is_replacing or not path.exists():
        return
    if not is_asking or not typer.confirm(f"Replace {path}?", err=True):
        raise fault(str(path), "there", "the name of a new file, or --replace")
