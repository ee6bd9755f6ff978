"""Pages of lists: cursors that tell nothing, and links to the page that follows.

A position counts what everybody stored, so a client gets it sealed: encrypted and
authenticated under the secret of the accounts (synthetic initialisation vector, as in
RFC 5297, of HMAC-SHA256). A cursor is of one list, its filters, order and account.
New rows come before the first page or after the last, so they move nothing between.
"""

import binascii
import hmac
import json
from base64 import urlsafe_b64decode, urlsafe_b64encode
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Annotated, Any, Literal, TypeVar
from urllib.parse import urlencode

from fastapi import Depends, Query, Request, Response
from fastapi.exceptions import RequestValidationError
from pydantic import Field

from service.api.answers import Limit, Page, page_with_link
from service.api.context import ServiceContext
from service.api.paths import requested, served
from service.identity.account_secret import account_secret
from service.store.part import Part

Item = TypeVar("Item")

TAG_BYTES, POSITION_BYTES = 12, 8
# Where there are no accounts, nobody may read less than all.
NO_SECRET = b"a store without accounts"

Cursor = Annotated[
    str | None,
    Query(
        max_length=100,
        description="Where the page begins; taken from `next` of the page before.",
    ),
]


Sort = Annotated[
    Literal["latest", "oldest"], Query(description="Which come first; default latest.")
]
FilterText = Annotated[str, Field(max_length=255)]
OfCase = Annotated[
    FilterText | None, Query(description="Those of a case, by its hash.")
]


@dataclass(frozen=True, slots=True)
class RequestedList:
    """The page that a request asks for."""

    request: Request
    secret: bytes
    limit: int
    seen: int | None
    sort: Sort

    @property
    def part(self) -> Part:
        """What to read: one item more than the page has, which tells of the next."""
        return Part(self.limit + 1, self.seen, is_oldest_first=self.sort == "oldest")

    def shown(self, found: Sequence[Item]) -> Sequence[Item]:
        """Return what the page has of a part that was read."""
        return found[: self.limit]

    def following(self, positions: Sequence[int | None]) -> int | None:
        """Return the position of the last item; None if no page follows.

        positions: of all items of the part that was read.
        """
        return positions[self.limit - 1] if len(positions) > self.limit else None

    def page(
        self, response: Response, items: Sequence[Item], following: int | None
    ) -> Page[Item]:
        """Return a page, and link to the one that follows `following`, if any does."""
        link = None
        if following is not None:
            cursor = _sealed(following, self.secret, _scope(self.request))
            query = [*_filters(self.request), ("limit", self.limit), ("cursor", cursor)]
            link = f"{served(requested(self.request.scope))}?{urlencode(query)}"
        return page_with_link(response, items, link)


def requested_list(
    request: Request,
    context: ServiceContext,
    limit: Limit = 50,
    cursor: Cursor = None,
    sort: Sort = "latest",
) -> RequestedList:
    """Return the page that is asked for, or raise RequestValidationError."""
    secret = account_secret(context.settings) or NO_SECRET
    seen = None
    if cursor is not None:
        seen = _opened(cursor, secret, _scope(request))
        if seen is None:
            message = (
                "a cursor that this list gave to this account with these filters, "
                "sorted alike"
            )
            where = {"loc": ("query", "cursor"), "input": cursor, "msg": message}
            raise RequestValidationError([where])
    return RequestedList(request, secret, limit, seen, sort)


Listed = Annotated[RequestedList, Depends(requested_list)]


def _filters(request: Request) -> list[tuple[str, Any]]:
    given = request.query_params.multi_items()
    return sorted(x for x in given if x[0] not in {"limit", "cursor"})


def _scope(request: Request) -> bytes:
    reader = request.state.reader
    path = requested(request.scope)
    return json.dumps([path, _filters(request), reader.name]).encode()


def _sealed(position: int, secret: bytes, scope: bytes) -> str:
    plain = position.to_bytes(POSITION_BYTES)
    tag = _tag(plain, secret, scope)
    return urlsafe_b64encode(tag + _masked(plain, tag, secret)).decode()


def _opened(cursor: str, secret: bytes, scope: bytes) -> int | None:
    """Return the position; None if the cursor was not sealed for that scope."""
    try:
        content = urlsafe_b64decode(cursor.encode("ascii"))
    except (UnicodeError, binascii.Error):
        return None
    tag, masked = content[:TAG_BYTES], content[TAG_BYTES:]
    plain = _masked(masked, tag, secret)
    if len(masked) != POSITION_BYTES:
        return None
    if not hmac.compare_digest(tag, _tag(plain, secret, scope)):
        return None
    return int.from_bytes(plain)


def _tag(plain: bytes, secret: bytes, scope: bytes) -> bytes:
    return hmac.digest(secret, b"cursor tag" + plain + scope, "sha256")[:TAG_BYTES]


def _masked(text: bytes, tag: bytes, secret: bytes) -> bytes:
    mask = hmac.digest(secret, b"cursor mask" + tag, "sha256")
    return bytes(a ^ b for a, b in zip(text, mask, strict=False))
