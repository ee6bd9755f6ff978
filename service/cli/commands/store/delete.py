"""strongroom store delete: remove old jobs and what only they refer to."""

import datetime as dt
from typing import Annotated

import typer

from service.cli.options import DataDirectoryOption, JsonOption
from service.cli.reporting import print_json, reported
from service.cli.screen import print_tables
from service.files.text import fault
from service.printing.table import table

PLURALS = {"batch": "batches", "analysis": "analyses"}
FORMATS = ["%Y-%m-%d", "%Y-%m-%dT%H:%M:%S", "%Y-%m-%dT%H:%M:%S%z"]
BeforeOption = Annotated[
    dt.datetime | None,
    typer.Option(
        "--finished-before",
        metavar="DATE",
        formats=FORMATS,
        help="Delete what finished before this date, as 2027-01-31 (midnight UTC).",
        show_default=False,
    ),
]
OlderOption = Annotated[
    int | None,
    typer.Option(
        "--older-than",
        metavar="DAYS",
        min=0,
        max=100_000,
        help="Delete what finished at least this many days ago.",
        show_default=False,
    ),
]


def command(
    *,
    finished_before: BeforeOption = None,
    older_than: OlderOption = None,
    keep_plans: Annotated[
        bool, typer.Option("--keep-plans", help="Delete jobs but keep their plans.")
    ] = False,
    dry_run: Annotated[
        bool, typer.Option("--dry-run", help="Only report what would be deleted.")
    ] = False,
    data_dir: DataDirectoryOption = None,
    as_json: JsonOption = False,
) -> None:
    """Delete finished batches and jobs, then plans and cases without references.

    Queued and running jobs stay, with their cases. The server may keep running.
    """
    with reported(as_json=as_json):
        from service.cli.commands.store.access import (  # noqa: PLC0415
            author_of_command,
            reached_store,
        )
        from service.clock import system_clock  # noqa: PLC0415
        from service.store.deleting import (  # noqa: PLC0415
            delete,
            sweep,
            would_delete,
            would_sweep,
        )
        from service.store.objects import objects_of  # noqa: PLC0415
        from service.store.opening import visited_store  # noqa: PLC0415
        from service.store.retention import (  # noqa: PLC0415
            HOLDERS,
            Deletion,
            settled,
        )

        before = _instant(finished_before, older_than, system_clock())
        deletion = Deletion(settled(before, system_clock), keeps_plans=keep_plans)
        with reached_store(data_dir) as settings, visited_store(settings) as database:
            objects, now = objects_of(settings), system_clock()
            if dry_run:
                gone = {kind.table: deletion.foreseen(kind) for kind in HOLDERS}
                swept = would_sweep(database, objects, gone, now)
                found = (*would_delete(database, deletion), swept)
            else:
                author = author_of_command()
                deleted = delete(database, deletion, author, system_clock)
                found = (*deleted, sweep(database, objects, now))
        counts = {x.noun: (x.number, x.number_of_bytes) for x in found}
        _report(counts, deletion.before, is_done=not dry_run, as_json=as_json)


def _instant(
    before: dt.datetime | None, days: int | None, now: dt.datetime
) -> dt.datetime:
    if before is not None and days is None:
        return before if before.tzinfo is not None else before.replace(tzinfo=dt.UTC)
    if days is not None and before is None:
        return now - dt.timedelta(days=days)
    options = "--finished-before, --older-than"
    given = "neither" if before is None else "both"
    raise fault(options, given, "one of them")


def _report(
    counts: dict[str, tuple[int, int]],
    before: dt.datetime,
    *,
    is_done: bool,
    as_json: bool,
) -> None:
    status = "deleted" if is_done else "would be deleted"
    if as_json:
        listed = [
            {"noun": noun, "number": number, "bytes": size}
            for noun, (number, size) in counts.items()
        ]
        print_json({"status": status, "before": before.isoformat(), "what": listed})
        return
    title = f"Ended or unused before {before:%Y-%m-%d %H:%M:%S} UTC"
    rows = table(title, "", status, "bytes")
    for noun, (number, size) in counts.items():
        rows.add_row(PLURALS.get(noun, f"{noun}s"), f"{number:,}", f"{size:,}")
    print_tables(rows)
