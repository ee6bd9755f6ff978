"""strongroom store backup: the whole store as one file."""

from pathlib import Path
from typing import Annotated

import typer

from service.cli.case_argument import JsonOption
from service.cli.keeping.backup_report import report_backup
from service.cli.keeping.data_directory import DataDirectoryOption
from service.cli.reporting import reported
from service.files.text import fault
from service.files.writing import check_writable


def command(
    path: Annotated[Path, typer.Argument(metavar="FILE", help="The file to write.")],
    *,
    data_dir: DataDirectoryOption = None,
    as_json: JsonOption = False,
) -> None:
    """Write the store, as it is at this moment, to one file. The server may go on.

    The file fits SQLite and PostgreSQL alike: it also moves a store to the other.
    """
    with reported(as_json=as_json):
        # The database: only the commands of this group need it.
        from service.cli.keeping.visiting import reached_store  # noqa: PLC0415
        from service.clock import system_clock  # noqa: PLC0415
        from service.store.backup.making import back_up  # noqa: PLC0415
        from service.store.objects import objects_of  # noqa: PLC0415
        from service.store.opening import visited_store  # noqa: PLC0415

        check_writable(path)
        with reached_store(data_dir) as settings, visited_store(settings) as database:
            _check_other_file(path, Path(str(database.engine.url.database)))
            try:
                manifest = back_up(database, objects_of(settings), path, system_clock)
            except OSError as error:
                reason = error.strerror or type(error).__name__
                raise fault(str(path), reason, "room for the backup") from None
        report_backup("backup", manifest, path, as_json=as_json)


def _check_other_file(path: Path, database: Path) -> None:
    if path.exists() and database.exists() and path.samefile(database):
        raise fault(str(path), "the database itself", "another file")
