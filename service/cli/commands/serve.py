"""strongroom serve and strongroom worker: the processes of the service."""

from collections.abc import Mapping
from pathlib import Path
from typing import Annotated

import typer

from service.cli.exit_status import ExitStatus
from service.cli.options import run_with
from service.cli.reporting import reported


def serve(
    *,
    host: Annotated[
        str | None, typer.Option(help="Address to listen on.", show_default=False)
    ] = None,
    port: Annotated[
        int | None, typer.Option(help="Port to listen on.", show_default=False)
    ] = None,
    data_dir: Annotated[
        Path | None, typer.Option(help="Folder of the SQLite file.", show_default=False)
    ] = None,
    has_worker: Annotated[
        bool | None,
        typer.Option(
            "--worker/--no-worker",
            help="Also run jobs in this process, or leave them to other workers.",
            show_default=False,
        ),
    ] = None,
) -> None:
    """Serve the console and the HTTP API until a signal stops it.

    Options that are not given are read from STRONGROOM_HOST, STRONGROOM_PORT and
    STRONGROOM_DATA_DIRECTORY; the defaults are 127.0.0.1, 8000 and ./strongroom-data.
    STRONGROOM_DATABASE_URL names a PostgreSQL database to use instead of the file. Any
    number of servers and workers may share it.
    """
    given = {
        "host": host,
        "port": port,
        "data_directory": data_dir,
        "has_worker": has_worker,
    }
    with reported(as_json=False):
        serve_with(given)


def serve_with(given: Mapping[str, object]) -> None:
    """Serve with the settings given; raise InvalidCaseError if one is wrong."""
    from service.app import run  # noqa: PLC0415 - slow to load

    try:
        run_with(run, given)
    except SystemExit as stop:
        # The statuses of the web server have other meanings.
        status = ExitStatus.INTERNAL_ERROR if stop.code else ExitStatus.SUCCESS
        raise typer.Exit(status) from None


def worker(
    *,
    concurrency: Annotated[
        int | None,
        typer.Option(
            help="Number of jobs to run at the same time.", show_default=False
        ),
    ] = None,
    data_dir: Annotated[
        Path | None, typer.Option(help="Folder of the SQLite file.", show_default=False)
    ] = None,
) -> None:
    """Run queued jobs until a signal stops it; other workers take over unfinished jobs.

    Options that are not given are read from STRONGROOM_NUMBER_OF_SLOTS and
    STRONGROOM_DATA_DIRECTORY; the defaults are 1 and ./strongroom-data.
    STRONGROOM_DATABASE_URL names a PostgreSQL database to use instead of the file.
    """
    given = {"number_of_slots": concurrency, "data_directory": data_dir}
    with reported(as_json=False):
        from service.worker import run  # noqa: PLC0415 - slow to load

        run_with(run, given)
