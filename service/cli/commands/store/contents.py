"""strongroom store show and audit: what is in a store, and who changed it."""

from typing import TYPE_CHECKING, Annotated

import typer

from service.cli.options import DataDirectoryOption, JsonOption
from service.cli.reporting import print_json, reported
from service.cli.screen import echo, print_tables
from service.printing.table import table

if TYPE_CHECKING:
    from service.store.contents import StoreContents


def show(*, data_dir: DataDirectoryOption = None, as_json: JsonOption = False) -> None:
    """Show what the store holds: rows, bytes, oldest entries, jobs by state."""
    with reported(as_json=as_json):
        from service.cli.commands.store.access import reached_store  # noqa: PLC0415
        from service.store.address import shown  # noqa: PLC0415
        from service.store.contents import contents  # noqa: PLC0415
        from service.store.opening import visited_store  # noqa: PLC0415

        with reached_store(data_dir) as settings, visited_store(settings) as database:
            found, where = contents(database), shown(database.engine.url)
        if as_json:
            print_json({"store": where, **_described(found)})
        else:
            _print(found, where)


def _described(found: "StoreContents") -> dict[str, object]:
    return {
        "revision": found.revision,
        "role_without_row_security": found.bypassing_role,
        "bytes": found.number_of_bytes,
        "jobs": dict(found.number_of_jobs),
        "objects": found.number_of_objects,
        "object_bytes": found.number_of_object_bytes,
        "tables": [
            {
                "name": x.name,
                "rows": x.number_of_rows,
                "document_bytes": x.number_of_bytes,
                "oldest": None if x.oldest is None else x.oldest.isoformat(),
            }
            for x in found.tables
        ],
    }


def _print(found: "StoreContents", where: str) -> None:
    rows = table("Tables", "table", "rows", "bytes of documents", "oldest, UTC")
    for x in found.tables:
        size = "" if x.number_of_bytes is None else f"{x.number_of_bytes:,}"
        oldest = "" if x.oldest is None else f"{x.oldest:%Y-%m-%d %H:%M:%S}"
        rows.add_row(x.name, f"{x.number_of_rows:,}", size, oldest)
    jobs = table("Jobs", "state", "number")
    for state, number in found.number_of_jobs.items():
        jobs.add_row(state, f"{number:,}")
    print_tables(rows, jobs)
    number, size = found.number_of_objects, f"{found.number_of_object_bytes:,} bytes"
    echo(f"objects of evaluations and analyses: {number:,}, {size}")
    size = f"{found.number_of_bytes:,} bytes"
    echo(f"store: {where}, {size}, tables of {found.revision}")
    if found.bypassing_role is not None:
        echo(f"row-level security does not bind the role {found.bypassing_role}")


LimitOption = Annotated[
    int, typer.Option(min=1, max=100_000, help="Maximum number of entries.")
]
BeforeOption = Annotated[
    int | None,
    typer.Option(min=1, help="Only entries before this number.", show_default=False),
]
# An id of a job is shown whole, of a hash more than enough; --json has all.
SHOWN = 36


def audit(
    *,
    limit: LimitOption = 50,
    before: BeforeOption = None,
    data_dir: DataDirectoryOption = None,
    as_json: JsonOption = False,
) -> None:
    """Show who changed what in the store, latest first."""
    with reported(as_json=as_json):
        from service.cli.commands.store.access import reached_store  # noqa: PLC0415
        from service.store.audit_log import entries  # noqa: PLC0415
        from service.store.opening import visited_store  # noqa: PLC0415
        from service.store.part import Part  # noqa: PLC0415

        with (
            reached_store(data_dir) as settings,
            visited_store(settings) as database,
            database.reading() as session,
        ):
            found = entries(session, Part(limit, before))
        if as_json:
            print_json({"entries": [x.model_dump(mode="json") for x in found]})
            return
        names = ("number", "UTC", "organisation", "who", "did", "what", "which")
        rows = table("Audit", *names, left=7)
        for x in found:
            at = f"{x.at:%Y-%m-%d %H:%M:%S}"
            what = (x.organisation, x.actor, x.verb, x.noun, x.name[:SHOWN])
            rows.add_row(str(x.sequence), at, *what)
        print_tables(rows)
