"""Cases: stored once, named by the hash of their content."""

import datetime as dt
import json
from collections.abc import Mapping
from functools import partial
from typing import Annotated, Any, cast

from fastapi import APIRouter, Depends, Query, Request, Response
from pydantic import BaseModel, Field

from models.case_warnings import warnings_of
from models.instance import Instance
from models.mistakes import Mistake
from models.reading import InvalidCaseError, read_instance, read_stored_instance
from service.api.answers import Page, model_schema
from service.api.bodies import (
    body_bytes,
    json_body,
    limited_bytes,
    media_type,
    uncoded,
)
from service.api.context import Context, ServiceContext
from service.api.cursors import FilterText, Listed
from service.api.formats import (
    BYTES,
    WORKBOOK,
    StoredDocument,
    format_responses,
    formatted,
)
from service.api.identity import RequestingAuthor
from service.api.orders import shipped_case
from service.api.paths import VERSION, versioned
from service.api.wanted_format import RequestedFormat
from service.casefiles import SIGN, open_case, shipped_names
from service.csv_folder.zipped import zip_reader
from service.errors import CaseNotFoundError, MalformedJsonError
from service.store.audit_log import AuditTrail, Author
from service.store.cases import CaseRepository, StoredCase
from service.variants.changing import nearest
from service.variants.named import SECTION
from service.workbook.reading import workbook_reader

router = APIRouter(prefix=f"{VERSION}/cases", tags=["cases"])

ZIP = "application/zip"
TABLES = {WORKBOOK: workbook_reader, ZIP: zip_reader}  # what reads them

CASE_BODY: dict[str, Any] = {
    "requestBody": {
        "required": True,
        "description": "A case, also as a workbook or a zip of CSV files, or the name "
        "of a shipped one or of a variant of it.",
        "content": {
            "application/json": {
                "schema": {"anyOf": [model_schema(Instance), {"type": "string"}]}
            },
            WORKBOOK: {"schema": BYTES},
            ZIP: {"schema": BYTES},
        },
    }
}


class CaseResource(BaseModel):
    """A case in a list."""

    hash: str = Field(description="SHA-256 of the content; the name of the case here.")
    case_id: str = Field(description="Name that the case gives itself.")
    name: str = Field(description="Name for people.")
    number_of_bytes: int = Field(description="Length of the canonical JSON.")
    created_at: dt.datetime = Field(description="When it was first given, UTC.")
    href: str = Field(description="Where the case is.")


class ShippedCaseResource(BaseModel):
    """A case that ships, or a variant of one."""

    case: str = Field(description="What orders call it.")
    name: str = Field(description="Name for people.")
    description: str = Field(description="What it is about.")


class StoredCaseResource(CaseResource):
    """A case that was just sent, with what may be wrong in it."""

    warnings: list[str] = Field(
        description="Parts without effect, and figures that look misread."
    )


async def case_bytes(request: Request, context: ServiceContext) -> bytes:
    """Return the body; raise if it is too large, or neither JSON nor tables."""
    # As with JSON, a browser asks before it sends tables for a page of others.
    if media_type(request) in TABLES:
        return await limited_bytes(request, context)
    return await body_bytes(request, context)


def case_body(
    request: Request,
    context: ServiceContext,
    sent: Annotated[bytes, Depends(case_bytes)],
) -> object:
    """Return the content of the case in the body; raise what is wrong with its form."""
    read = TABLES.get(media_type(request))
    if read is not None:
        return read(uncoded(request, context, sent), "body").checked()
    return json_body(request, context, sent)


def case_path(content_hash: str) -> str:
    """Return the path of a case."""
    return versioned(f"/cases/{content_hash}")


@router.post(
    "",
    status_code=201,
    openapi_extra=CASE_BODY,
    responses={
        200: {"model": StoredCaseResource, "description": "It was there already."}
    },
)
def put_case(
    raw: Annotated[object, Depends(case_body)],
    response: Response,
    context: ServiceContext,
    author: RequestingAuthor,
) -> StoredCaseResource:
    """Store a case. The same content is the same case: first 201, then 200."""
    resource, is_new = put_listed(context, author, case_in(raw))
    if not is_new:
        response.status_code = 200
    response.headers["Location"] = resource.href
    return resource


def put_listed(
    context: Context, author: Author, case: Instance, made_from: str | None = None
) -> tuple[StoredCaseResource, bool]:
    """Store a case in the list unless it is there; return it, and if it is new.

    made_from: the case that it is the next version of; the latest one with its
    identifier if absent.
    """
    with context.database.transaction() as session:
        cases = CaseRepository(session)
        now = context.clock()
        origin = made_from or cases.latest(case.id)
        is_new = cases.put(case, is_listed=True, at=now, made_from=origin)
        if is_new:
            trail = AuditTrail(session, author, now)
            trail.add("put", "case", case.content_hash, result=case.content_hash)
        resource = StoredCaseResource(
            **_resource(cases.described(case.content_hash)).model_dump(),
            warnings=[str(warning) for warning in warnings_of(case)],
        )
    return resource, is_new


@router.get("")
def list_cases(
    response: Response,
    context: ServiceContext,
    listed: Listed,
    case_id: Annotated[
        FilterText | None, Query(description="Name that the case gives itself.")
    ] = None,
) -> Page[CaseResource]:
    """List the cases that clients stored, latest first unless sorted otherwise."""
    with context.database.reading() as session:
        cases = CaseRepository(session).page(listed.part, case_id=case_id)
        items = [_resource(case) for case in listed.shown(cases)]
        position = listed.following([x.position for x in cases])
    return listed.page(response, items, position)


@router.get("/shipped")
def list_shipped_cases() -> list[ShippedCaseResource]:
    """List the cases that ship, each followed by its variants."""
    return [
        ShippedCaseResource(case=name, name=title, description=description)
        for case in map(open_case, shipped_names())
        for name, title, description in [
            (case.name, str(case.content["name"]), str(case.content["description"])),
            *(
                (f"{case.name}{SIGN}{variant}", overlay.title, overlay.reason)
                for variant, overlay in case.variants.items()
            ),
        ]
    ]


@router.get(
    "/{content_hash}",
    response_class=Response,
    responses=format_responses(
        model_schema(Instance), CaseNotFoundError, has_report=False
    ),
)
def get_case(
    content_hash: str,
    request: Request,
    context: ServiceContext,
    wanted: RequestedFormat,
) -> Response:
    """Return the case as canonical JSON, its tables, or a workbook to edit and send."""
    with context.database.reading() as session:
        text = CaseRepository(session).text(content_hash)
    stored = StoredDocument(
        "case",
        content_hash,
        text,
        read=partial(_stored_case, text),
        workbook=_workbook_to_edit,
    )
    return formatted(request, stored, wanted)


def _workbook_to_edit(case: Instance) -> bytes:
    # Slow to load, and seldom needed.
    from service.workbook.writing import case_as_workbook  # noqa: PLC0415

    return case_as_workbook(case)


def _stored_case(text: str) -> Instance:
    return read_stored_instance(json.loads(text))


def case_in(raw: object) -> Instance:
    """Return the case that was sent, or the shipped one that was named.

    Raises InvalidCaseError or MalformedJsonError.
    """
    if isinstance(raw, str):
        shipped = shipped_case(raw)
        if shipped is None:
            raise InvalidCaseError([Mistake("case", raw, _shipped_name(raw))])
        return shipped
    if isinstance(raw, Mapping) and SECTION in raw:
        expected = "no such field: POST /v1/batches takes a case with its variants"
        raise InvalidCaseError([Mistake(SECTION, "given", expected)])
    try:
        return read_instance(cast("object", raw))
    except RecursionError:
        detail = "It is nested too deeply."
        raise MalformedJsonError(detail) from None


def _shipped_name(name: str) -> str:
    return f"a case, or the name of a shipped one {nearest(name, shipped_names())}"


def _resource(case: StoredCase) -> CaseResource:
    return CaseResource(
        hash=case.content_hash,
        case_id=case.case_id,
        name=case.name,
        number_of_bytes=case.number_of_bytes,
        created_at=case.created_at,
        href=case_path(case.content_hash),
    )
