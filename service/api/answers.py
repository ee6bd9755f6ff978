"""Answers: lists in pages, and stored documents, which clients may keep."""

from collections.abc import Mapping, Sequence
from typing import Annotated, Any, Generic, TypeVar
from urllib.parse import urlencode

from fastapi import Query, Request, Response
from pydantic import BaseModel, Field

from service.api.entity_tags import is_known, not_modified

Item = TypeVar("Item")

# The largest whole number of a column.
MAXIMUM_POSITION = 2**31 - 1

LASTING = "private, max-age=31536000, immutable"

Limit = Annotated[int, Query(ge=1, le=200, description="Most items in the page.")]
After = Annotated[
    int,
    Query(ge=0, le=MAXIMUM_POSITION, description="Number of the last line seen."),
]


class Page(BaseModel, Generic[Item]):
    """A part of a list."""

    items: list[Item]
    next: str | None = Field(description="The page that follows; null at the end.")


# A schema in a response names its model here, until the description of the interface
# says it in full: schemas of documents take long, and are seldom asked for.
MODEL = "x-model"

Responses = dict[int | str, dict[str, Any]]

PLACE = {
    "Location": {
        "description": "Where it is.",
        "required": True,
        "schema": {"type": "string", "format": "uri-reference"},
    }
}
AGAIN = {
    "Retry-After": {
        "description": "Seconds after which to ask again; not once it has ended.",
        "schema": {"type": "integer"},
    }
}
TAGGED = {
    "ETag": {
        "description": "For If-None-Match: 304 while it is the same.",
        "schema": {"type": "string"},
    }
}


def model_schema(model: type[BaseModel]) -> dict[str, Any]:
    """Return what stands for the schema of a model."""
    return {MODEL: f"{model.__module__}:{model.__name__}"}


def document_answer(model: type[BaseModel]) -> Responses:
    """Return the responses of a route that answers with a stored document."""
    return file_answer("application/json", model_schema(model))


def file_answer(media_type: str, schema: Mapping[str, Any] | None = None) -> Responses:
    """Return the responses of a route that answers with a stored file."""
    content = {media_type: {"schema": dict(schema)} if schema else {}}
    return {
        200: {"description": "The content.", "content": content, "headers": TAGGED},
        304: {"description": "The client has it already.", "headers": TAGGED},
    }


def tagged_answer(model: type[BaseModel]) -> Responses:
    """Return the responses of a route whose answer changes and has a tag."""
    return {
        200: {"model": model, "headers": TAGGED | AGAIN},
        304: {"description": "The client has it already.", "headers": TAGGED | AGAIN},
    }


def order_answers(model: type[BaseModel]) -> Responses:
    """Return the responses of an order: queued, or its answer is there already."""
    return {
        202: {"headers": PLACE | AGAIN},
        200: {"model": model, "description": "Its answer is there.", "headers": PLACE},
    }


def page_with_link(
    response: Response, items: Sequence[Item], following: str | None
) -> Page[Item]:
    """Return a page; a header links to the one that follows, too (RFC 8288)."""
    if following is not None:
        response.headers.append("Link", f'<{following}>; rel="next"')
    return Page(items=list(items), next=following)


def link(path: str, query: Mapping[str, object | None]) -> str:
    """Return the path with the parts of the query that are not None."""
    given = {key: value for key, value in query.items() if value is not None}
    return f"{path}?{urlencode(given)}"


def document(
    request: Request,
    content: str | bytes,
    content_hash: str,
    caching: str = LASTING,
    *,
    media_type: str = "application/json",
) -> Response:
    """Return the document, or 304 if the client has it already."""
    tag = f'"{content_hash}"'
    headers = {"ETag": tag, "Cache-Control": caching}
    if is_known(tag, request.headers.get("if-none-match")):
        return not_modified(headers)
    return Response(content, media_type=media_type, headers=headers)
