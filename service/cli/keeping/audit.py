"""strongroom store audit: who did what."""

from typing import Annotated

import typer

from service.cli.case_argument import JsonOption
from service.cli.keeping.data_directory import DataDirectoryOption
from service.cli.reporting import print_json, reported
from service.cli.screen import show, table

LimitOption = Annotated[int, typer.Option(min=1, max=100_000, help="Most entries.")]
BeforeOption = Annotated[
    int | None,
    typer.Option(min=1, help="Only entries before this number.", show_default=False),
]
# An id of a job is shown whole, of a hash more than enough; --json has all.
SHOWN = 36


def command(
    *,
    limit: LimitOption = 50,
    before: BeforeOption = None,
    data_dir: DataDirectoryOption = None,
    as_json: JsonOption = False,
) -> None:
    """Say who changed what in the store, latest first."""
    with reported(as_json=as_json):
        # The database: only the commands of this group need it.
        from service.cli.keeping.visiting import reached_store  # noqa: PLC0415
        from service.store.audit_log import entries  # noqa: PLC0415
        from service.store.opening import visited_store  # noqa: PLC0415

        with (
            reached_store(data_dir) as settings,
            visited_store(settings) as database,
            database.reading() as session,
        ):
            found = entries(session, before=before, limit=limit)
        if as_json:
            print_json({"entries": [x.model_dump(mode="json") for x in found]})
            return
        rows = table("Audit", "number", "UTC", "who", "did", "what", "which", left=6)
        for x in found:
            at = f"{x.at:%Y-%m-%d %H:%M:%S}"
            rows.add_row(str(x.sequence), at, x.actor, x.verb, x.noun, x.name[:SHOWN])
        show(rows)
