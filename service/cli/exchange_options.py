"""What writing a case for other solvers asks for and tells, whatever the format."""

from collections.abc import Iterable
from pathlib import Path
from typing import Annotated

import typer

from models.instance import Instance
from service.cli.reporting import print_json
from service.cli.screen import show, table

ScenariosOption = Annotated[
    int | None, typer.Option(help="Planning scenarios.", show_default=False)
]
SeedOption = Annotated[
    int | None, typer.Option(help="Seed of the sampling.", show_default=False)
]
RelaxedOption = Annotated[
    bool, typer.Option("--relaxed", help="Without tranches, lots and other integers.")
]


def report_files(instance: Instance, files: Iterable[Path], *, as_json: bool) -> None:
    """Say which files were written, and how large they are."""
    sizes = {str(path): path.stat().st_size for path in files}
    number = instance.options.number_of_scenarios
    if as_json:
        listed = [{"path": path, "bytes": size} for path, size in sizes.items()]
        print_json({"instance": instance.id, "scenarios": number, "files": listed})
        return
    written = table(f"{instance.id}, {number} scenarios", "file", "bytes")
    for path, size in sizes.items():
        written.add_row(path, f"{size:,}")
    show(written)
