"""strongroom worker: solve the jobs of a store, beside any number of others."""

from pathlib import Path
from typing import Annotated

import typer

from service.cli.given_settings import run_with
from service.cli.reporting import reported


def command(
    *,
    concurrency: Annotated[
        int | None,
        typer.Option(help="Jobs that are solved at the same time.", show_default=False),
    ] = None,
    data_dir: Annotated[
        Path | None, typer.Option(help="Folder of the SQLite file.", show_default=False)
    ] = None,
) -> None:
    """Solve queued jobs until a signal ends it; what is unfinished others take over.

    What is not given is read from STRONGROOM_NUMBER_OF_SLOTS and
    STRONGROOM_DATA_DIRECTORY, else 1 and ./strongroom-data. STRONGROOM_DATABASE_URL
    names a PostgreSQL database instead of the file.
    """
    given = {"number_of_slots": concurrency, "data_directory": data_dir}
    with reported(as_json=False):
        # The store and the engine: only this command needs them.
        from service.worker import run  # noqa: PLC0415

        run_with(run, given)
