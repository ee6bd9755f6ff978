"""What was written to a backup, or read from it."""

from pathlib import Path
from typing import TYPE_CHECKING

import typer

from service.cli.reporting import print_json
from service.cli.screen import show, table

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
    """Say how many rows of each table there are, and how large the file is."""
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
    show(counts)
    typer.echo(f"{done}: {path}, {size:,} bytes, tables of {manifest.revision}")
    if number_queued is not None:
        typer.echo(f"jobs that wait for the server: {number_queued}")
