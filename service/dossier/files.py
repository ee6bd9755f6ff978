"""The files of a dossier: documents, tables, given files; and all in one zip."""

from collections.abc import Mapping
from dataclasses import dataclass
from hashlib import sha256
from io import BytesIO
from zipfile import ZIP_DEFLATED, ZipFile, ZipInfo

from models.content import canonical_json
from models.instance import Instance
from models.manifest import AuditedFile
from models.outcome import SolveLog
from models.plan import Plan
from models.record import Record
from service.dossier.sources import sources_of
from service.tabular.flat_tables import Column, FlatTable
from service.tabular.table_files import (
    arrays_as_file,
    as_csv,
    as_parquet,
    dictionary,
    document_tables,
)

EARLIEST = (1980, 1, 1, 0, 0, 0)  # a zip knows no time before
UNIX = 3
READABLE = 0o644 << 16
LEVEL = 9


@dataclass(frozen=True, slots=True)
class HandedIn:
    """What an audit is made of: the case, the plan, its log, the files of both.

    The case has the options of the plan, so that its content hash is that of the case
    which the plan was made for.
    """

    case: Instance
    plan: Plan
    plan_file: bytes
    log: SolveLog
    log_file: bytes | None


def files_of(
    handed_in: HandedIn,
    documents: Mapping[str, Record],
    arrays: Mapping[str, Mapping[Column, object]],
) -> dict[str, bytes]:
    """Return the content of each file by its name; arrays are further tables."""
    files = {
        "case.json": canonical_json(handed_in.case).encode(),
        "plan.json": handed_in.plan_file,
        **{
            f"{name}.json": f"{document.model_dump_json(indent=2)}\n".encode()
            for name, document in documents.items()
        },
    }
    if handed_in.log_file is not None:
        files["log.jsonl"] = handed_in.log_file
    for name, columns in arrays.items():
        for ending in (".parquet", ".csv"):
            files[f"tables/{name}{ending}"] = arrays_as_file(columns, ending)
    for table in _tables(handed_in, documents, arrays):
        files[f"tables/{table.name}.parquet"] = as_parquet(table)
        files[f"tables/{table.name}.csv"] = as_csv(table)
    return files


def listed(files: Mapping[str, bytes]) -> tuple[AuditedFile, ...]:
    """Return name, size and hash of each file, in order of their names."""
    return tuple(
        AuditedFile(
            name=name,
            bytes=len(files[name]),
            sha256=sha256(files[name]).hexdigest(),
        )
        for name in sorted(files)
    )


def zipped(files: Mapping[str, bytes]) -> bytes:
    """Return the files as a zip, in order of their names."""
    page = BytesIO()
    with ZipFile(page, "w") as archive:
        for name in sorted(files):
            entry = ZipInfo(name, EARLIEST)
            entry.create_system, entry.external_attr = UNIX, READABLE
            archive.writestr(entry, files[name], ZIP_DEFLATED, LEVEL)
    return page.getvalue()


def _tables(
    handed_in: HandedIn,
    documents: Mapping[str, Record],
    arrays: Mapping[str, Mapping[Column, object]],
) -> list[FlatTable]:
    tables = document_tables(
        {"plan": handed_in.plan, "log": handed_in.log, **documents}
    )
    tables.append(sources_of(handed_in.case))
    described = [FlatTable(name, tuple(x), ()) for name, x in arrays.items()]
    return [*tables, dictionary([*tables, *described])]
