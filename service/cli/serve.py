"""strongroom serve: the HTTP interface, with its own jobs."""

from pathlib import Path
from typing import Annotated

import typer

from models.reading import InvalidCaseError
from service.cli.exit_status import ExitStatus
from service.cli.reporting import reported


def command(
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
) -> None:
    """Serve the HTTP interface until a signal ends it.

    What is not given is read from STRONGROOM_HOST, STRONGROOM_PORT and
    STRONGROOM_DATA_DIRECTORY, else 127.0.0.1, 8000 and ./strongroom-data.
    STRONGROOM_DATABASE_URL names a PostgreSQL database instead of the file.
    """
    given = {"host": host, "port": port, "data_directory": data_dir}
    with reported(as_json=False):
        serve({key: value for key, value in given.items() if value is not None})


def serve(given: dict[str, object]) -> None:
    """Serve with the settings given; raise InvalidCaseError if one is wrong."""
    # The web framework and the store: only this command needs them.
    from service.app import run  # noqa: PLC0415
    from service.cli.given_settings import settings_of  # noqa: PLC0415
    from service.errors import StoreUnusableError  # noqa: PLC0415

    try:
        run(settings_of(given))
    except StoreUnusableError as error:
        raise InvalidCaseError([error.mistake]) from None
    except SystemExit as stop:
        # The server's own statuses mean other things than ours.
        status = ExitStatus.INTERNAL_ERROR if stop.code else ExitStatus.SUCCESS
        raise typer.Exit(status) from None
