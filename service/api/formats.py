"""A document in the format that a client asks for: JSON, tables of it, or a page.

A program asks by `Accept`, a plain link by `?format=`. The tables are those of the
auditor's file, derived from the fields of the document.
"""

import hashlib
import re
from base64 import b64encode
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from importlib.metadata import version
from typing import TYPE_CHECKING, Any

from fastapi import Request, Response
from fastapi.exceptions import RequestValidationError

from models.record import Record
from service.api.answers import LASTING, TAGGED, Responses, document
from service.api.entity_tags import PASSING
from service.api.negotiation import accepted, preferred
from service.api.problem_types import problems
from service.api.wanted_format import (
    CSV,
    JSON,
    MEDIA_TYPES,
    PARQUET,
    REPORT,
    WORKBOOK,
    DocumentFormat,
    WantedFormat,
    formats_of,
)
from service.errors import NotAcceptableError, ServiceError, TableNotFoundError

if TYPE_CHECKING:
    from service.tabular.flat_tables import FlatTable

OF_ONE_TABLE = {CSV: "csv", PARQUET: "parquet"}
TABULAR = (CSV, PARQUET, WORKBOOK)
# What is answered with JSON, whatever else there is.
PLAIN = (JSON, "*/*")

BYTES: Mapping[str, Any] = {"type": "string", "format": "binary"}
HEADERS: Mapping[str, Any] = {
    "Vary": {
        "description": "`Accept` and `Accept-Encoding`.",
        "schema": {"type": "string"},
    },
    "Content-Disposition": {
        "description": "The name of a file; not of JSON that no `format` asks for.",
        "schema": {"type": "string"},
    },
}


@dataclass(frozen=True, slots=True)
class StoredDocument:
    """A document: its kind, its JSON with the hash, and how it is read for tables.

    What `read` returns is None if nothing of it can be a table; `report` makes a page
    of it, if there is one of its kind, and `workbook` a workbook, if that is not one of
    its tables. Without a name, files are named by the hash.
    """

    kind: str
    content_hash: str
    text: str
    read: Callable[[], Record | None]
    report: Callable[[Any], str] | None = None
    workbook: Callable[[Any], bytes] | None = None
    name: str = ""


def formatted(
    request: Request,
    stored: StoredDocument,
    wanted: WantedFormat,
    caching: str = LASTING,
) -> Response:
    """Return a document in the format that the request prefers.

    Raises NotAcceptableError, TableNotFoundError, and RequestValidationError if a table
    is named and the format has all or none.
    """
    is_json = (wanted.format or accepted(request)) in {DocumentFormat.JSON, "", *PLAIN}
    record = None if is_json else stored.read()
    media_type = _media_type(request, stored, record, wanted.format)
    if wanted.table is not None and media_type not in OF_ONE_TABLE:
        expected = f"only with Accept: {' or '.join(OF_ONE_TABLE)}, or format=csv"
        wrong = {"loc": ("query", "table"), "input": wanted.table, "msg": expected}
        raise RequestValidationError([wrong])
    if record is None or media_type == JSON:
        answer = document(request, stored.text, stored.content_hash, caching)
        if wanted.format is not None:
            _save_as(answer, stored, f"{stored.kind}.json")
    elif stored.report is not None and media_type == REPORT:
        answer = _page(request, stored, stored.report(record))
    else:
        answer = _tabular(request, stored, record, media_type, wanted.table)
    answer.headers["Vary"] = "Accept"
    return answer


def _media_type(
    request: Request,
    stored: StoredDocument,
    record: Record | None,
    wanted: DocumentFormat | None,
) -> str:
    """Return the media type of the answer; record: None if JSON is all there is."""
    has_tables, has_report = record is not None, stored.report is not None
    formats = formats_of(has_tables=has_tables, has_report=has_report)
    if wanted is None:
        by_weight = [JSON, *TABULAR, REPORT]
        offered = {MEDIA_TYPES[x] for x in formats}
        return preferred(request, [x for x in by_weight if x in offered])
    if wanted not in formats:
        asked = f"format={wanted}"
        raise NotAcceptableError(asked, formats)
    return MEDIA_TYPES[wanted]


def format_responses(
    schema: Mapping[str, Any] | None,
    *errors: type[ServiceError],
    further: Mapping[str, Any] | None = None,
    has_report: bool = True,
) -> Responses:
    """Return the responses of a route that answers with a document in any format.

    schema is that of the JSON; None if the route has a model. errors and further
    headers are those of the route beside those of a format.
    """
    headers = {**TAGGED, **HEADERS, **(further or {})}
    content: dict[str, Any] = {kind: {"schema": dict(BYTES)} for kind in TABULAR}
    if schema is not None:
        content = {JSON: {"schema": dict(schema)}, **content}
    if has_report:
        content[REPORT] = {"schema": {"type": "string"}}
    text = "The document: JSON, a workbook of all its tables, one of these, or a page."
    return {
        200: {"description": text, "content": content, "headers": headers},
        304: {"description": "The client has it already.", "headers": TAGGED},
        **problems(NotAcceptableError, TableNotFoundError, *errors),
    }


def _page(request: Request, stored: StoredDocument, page: str) -> Response:
    """Return a report, which may have its own style and nothing else."""
    tag = f"{stored.content_hash}/html/{version('strongroom')}"
    answer = document(request, page, tag, PASSING, media_type=REPORT)
    style = page.partition("<style>")[2].partition("</style>")[0]
    digest = b64encode(hashlib.sha256(style.encode()).digest()).decode()
    answer.headers["Content-Security-Policy"] = (
        f"default-src 'none'; style-src 'sha256-{digest}'; frame-ancestors 'none'"
    )
    _save_as(answer, stored, f"{stored.kind}.html", "inline")
    return answer


def _tabular(
    request: Request,
    stored: StoredDocument,
    record: Record,
    media_type: str,
    table: str | None,
) -> Response:
    """Return the tables of a document, or one of them, as a file to save."""
    # Slow to load, and seldom needed.
    from service.tabular import table_files, workbooks  # noqa: PLC0415

    if media_type == WORKBOOK and stored.workbook is not None:
        content, name = stored.workbook(record), f"{stored.kind}.xlsx"
    else:
        tables = table_files.document_tables({stored.kind: record})
        tables.append(table_files.dictionary(tables))
        if media_type == WORKBOOK:
            content, name = workbooks.as_workbook(tables), f"{stored.kind}.xlsx"
        else:
            one = _named(tables, table)
            is_csv = media_type == CSV
            content = (table_files.as_csv if is_csv else table_files.as_parquet)(one)
            name = f"{one.name}.{OF_ONE_TABLE[media_type]}"
    name = re.sub(r"[^A-Za-z0-9._-]+", "_", name)
    # Another version of the program may write the same tables in other bytes.
    tag = f"{stored.content_hash}/{name}/{version('strongroom')}"
    kind = f"{CSV}; charset=utf-8; header=present" if media_type == CSV else media_type
    answer = document(request, content, tag, PASSING, media_type=kind)
    _save_as(answer, stored, name)
    return answer


def _save_as(
    answer: Response, stored: StoredDocument, name: str, how: str = "attachment"
) -> None:
    """Name the file that a browser saves, or shows and then saves."""
    saved = f"{stored.name or stored.content_hash[:12]}-{name}"
    answer.headers["Content-Disposition"] = f'{how}; filename="{saved}"'


def _named(tables: Sequence["FlatTable"], name: str | None) -> "FlatTable":
    """Return the table of a name, the first one for None, or raise."""
    if name is None:
        return tables[0]
    for table in tables:
        if table.name == name:
            return table
    raise TableNotFoundError(name, [table.name for table in tables])
