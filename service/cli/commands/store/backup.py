"""strongroom store backup and restore: a store as one file."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from service.cli.options import DataDirectoryOption, JsonOption
from service.cli.reporting import print_json, reported
from service.cli.screen import echo, print_tables
from service.files.text import fault
from service.files.writing import check_writable
from service.printing.table import table


def backup(
    path: Annotated[Path, typer.Argument(metavar="FILE", help="File to write.")],
    *,
    data_dir: DataDirectoryOption = None,
    as_json: JsonOption = False,
) -> None:
    """Write the present store to one file. The server may keep running.

    The file can be restored to SQLite and to PostgreSQL, so it also moves a store.
    """
    with reported(as_json=as_json):
        from service.cli.commands.store.access import reached_store  # noqa: PLC0415
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


FileArgument = Annotated[
    Path, typer.Argument(metavar="FILE", help="File that `store backup` wrote.")
]
ReplaceOption = Annotated[
    bool,
    typer.Option("--replace", help="Delete the present contents of the store first."),
]


def restore(
    path: FileArgument,
    *,
    replace: ReplaceOption = False,
    data_dir: DataDirectoryOption = None,
    as_json: JsonOption = False,
) -> None:
    """Fill an empty store from a backup, completely or not at all.

    No worker may be alive. Jobs that were queued or running when the backup was made
    are queued again.
    """
    with reported(as_json=as_json):
        from service.cli.commands.store.access import (  # noqa: PLC0415
            author_of_command,
            reached_store,
            without_workers,
        )
        from service.clock import system_clock  # noqa: PLC0415
        from service.jobs.transitions import put_back_all  # noqa: PLC0415
        from service.store.audit_log import AuditTrail  # noqa: PLC0415
        from service.store.backup.reading import opened_backup  # noqa: PLC0415
        from service.store.backup.restoring import filled  # noqa: PLC0415
        from service.store.opening import opened_store  # noqa: PLC0415

        with (
            reached_store(data_dir) as settings,
            opened_backup(path) as backup,
            opened_store(settings) as store,
            without_workers(store),
            filled(store, backup, is_replacing=replace) as session,
        ):
            number_queued = put_back_all(session)
            trail = AuditTrail(session, author_of_command(), system_clock())
            trail.add("restore", "store", backup.hash_of_file())
        report_backup(
            "restored",
            backup.manifest,
            path,
            number_queued=number_queued,
            as_json=as_json,
        )


if TYPE_CHECKING:
    from service.store.backup.manifest import BackupManifest


def report_backup(
    done: str,
    manifest: "BackupManifest",
    path: Path,
    *,
    number_queued: int | None = None,
    as_json: bool,
) -> None:
    """Report the rows of each table and the size of the file."""
    size = path.stat().st_size
    rows = {x.name: x.number_of_rows for x in manifest.tables}
    if as_json:
        queued = {} if number_queued is None else {"queued_jobs": number_queued}
        print_json(
            {
                "status": done,
                "file": str(path),
                "bytes": size,
                "created_at": manifest.created_at.isoformat(),
                "revision": manifest.revision,
                "rows": rows,
                "objects": len(manifest.objects),
                **queued,
            }
        )
        return
    counts = table(f"State of {manifest.created_at:%Y-%m-%d %H:%M:%S} UTC", "", "rows")
    for name, number in rows.items():
        counts.add_row(name, f"{number:,}")
    counts.add_row("objects", f"{len(manifest.objects):,}")
    print_tables(counts)
    echo(f"{done}: {path}, {size:,} bytes, tables of {manifest.revision}")
    if number_queued is not None:
        echo(f"jobs queued: {number_queued}")
