"""strongroom store show: what is in a store."""

from typing import TYPE_CHECKING

import typer

from service.cli.case_argument import JsonOption
from service.cli.keeping.data_directory import DataDirectoryOption
from service.cli.reporting import print_json, reported
from service.cli.screen import show, table

if TYPE_CHECKING:
    from service.store.contents import StoreContents


def command(
    *, data_dir: DataDirectoryOption = None, as_json: JsonOption = False
) -> None:
    """Say what the store holds: how much of what, and since when."""
    with reported(as_json=as_json):
        # The database: only the commands of this group need it.
        from service.cli.keeping.visiting import reached_store  # noqa: PLC0415
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
    show(rows, jobs)
    number, size = found.number_of_objects, f"{found.number_of_object_bytes:,} bytes"
    typer.echo(f"objects of evaluations: {number:,}, {size}")
    size = f"{found.number_of_bytes:,} bytes"
    typer.echo(f"store: {where}, {size}, tables of {found.revision}")
