"""Answers: lists in pages, and stored documents, which clients may keep."""

from collections.abc import Mapping
from typing import Annotated, Generic, TypeVar
from urllib.parse import urlencode

from fastapi import Query, Request, Response
from pydantic import BaseModel, Field

Item = TypeVar("Item")

# The largest whole number of a column.
MAXIMUM_POSITION = 2**31 - 1

LASTING = "private, max-age=31536000, immutable"
# A better plan may come: clients must ask again, and get 304 if there is none.
PASSING = "private, no-cache"

Limit = Annotated[int, Query(ge=1, le=200, description="Most items in the page.")]
Before = Annotated[
    int | None,
    Query(
        ge=1,
        le=MAXIMUM_POSITION,
        description="Where the page begins; taken from `next` of the page before.",
    ),
]
After = Annotated[
    int,
    Query(ge=0, le=MAXIMUM_POSITION, description="Number of the last line seen."),
]


class Page(BaseModel, Generic[Item]):
    """A part of a list."""

    items: list[Item]
    next: str | None = Field(description="The page that follows; null at the end.")


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
    known = request.headers.get("if-none-match", "")
    if tag in known or known.strip() == "*":
        return Response(status_code=304, headers=headers)
    return Response(content, media_type=media_type, headers=headers)
