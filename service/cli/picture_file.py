"""Whether a picture can be written where it is wanted; found out before any work."""

from pathlib import Path
from typing import Annotated

import typer

from models.record import Record
from service.files.text import fault
from service.files.writing import check_writable

ENDINGS = (".svg", ".png")

PictureOption = Annotated[
    Path | None,
    typer.Option(
        metavar="FILE",
        help="Draw what is found into FILE, which ends in .svg or .png.",
        show_default=False,
    ),
]


def check_picture(path: Path | None) -> None:
    """Raise InvalidCaseError if the name says no format or cannot be written."""
    if path is None:
        return
    if path.suffix not in ENDINGS:
        expected = f"a name that ends in {' or '.join(ENDINGS)}"
        raise fault(str(path), path.name, expected)
    check_writable(path)


def with_picture(
    found: Record, picture: Path | None, **more: object
) -> dict[str, object]:
    """Return a document for --json: its fields, what else is told, the picture."""
    drawn = None if picture is None else str(picture)
    return {**found.model_dump(mode="json"), **more, "picture": drawn}
