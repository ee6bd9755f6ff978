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
            help="Solve jobs here as well, or leave them to others.",
            show_default=False,
        ),
    ] = None,
) -> None:
    """Serve the HTTP interface until a signal ends it.

    What is not given is read from STRONGROOM_HOST, STRONGROOM_PORT and
    STRONGROOM_DATA_DIRECTORY, else 127.0.0.1, 8000 and ./strongroom-data.
    STRONGROOM_DATABASE_URL names a PostgreSQL database instead of the file.
    Any number of servers and workers may share it.
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
    # The web framework: only this command needs it.
    from service.app import run  # noqa: PLC0415

    try:
        run_with(run, given)
    except SystemExit as stop:
        # The server's own statuses mean other things than ours.
        status = ExitStatus.INTERNAL_ERROR if stop.code else ExitStatus.SUCCESS
        raise typer.Exit(status) from None


def worker(
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
