"""Where the store of a command is, if no setting says it."""

from pathlib import Path
from typing import Annotated

import typer

DataDirectoryOption = Annotated[
    Path | None,
    typer.Option(
        "--data-dir",
        help="Folder of the SQLite file. STRONGROOM_DATABASE_URL goes before.",
        show_default=False,
    ),
]
