"""strongroom store restore: a backup becomes the store."""

from pathlib import Path
from typing import Annotated

import typer

from service.cli.case_argument import JsonOption
from service.cli.keeping.backup_report import report_backup
from service.cli.keeping.data_directory import DataDirectoryOption
from service.cli.reporting import reported

FileArgument = Annotated[
    Path, typer.Argument(metavar="FILE", help="What `store backup` wrote.")
]
ReplaceOption = Annotated[
    bool, typer.Option("--replace", help="Delete what is in the store first.")
]


def command(
    path: FileArgument,
    *,
    replace: ReplaceOption = False,
    data_dir: DataDirectoryOption = None,
    as_json: JsonOption = False,
) -> None:
    """Fill an empty store from a backup, whole or not at all. No worker may be alive.

    Jobs that waited or ran when the backup was made are in the queue again.
    """
    with reported(as_json=as_json):
        # The database: only the commands of this group need it.
        from service.cli.keeping.visiting import (  # noqa: PLC0415
            author_of_command,
            reached_store,
            without_workers,
        )
        from service.clock import system_clock  # noqa: PLC0415
        from service.jobs.restored import put_back  # noqa: PLC0415
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
            number_queued = put_back(session)
            trail = AuditTrail(session, author_of_command(), system_clock())
            trail.add("restore", "store", backup.hash_of_file())
        report_backup(
            "restored",
            backup.manifest,
            path,
            number_queued=number_queued,
            as_json=as_json,
        )
