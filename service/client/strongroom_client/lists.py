"""Lists, which the server gives in pages."""

from collections.abc import Sequence
from dataclasses import replace
from typing import Protocol, TypeVar

from strongroom_client.call import Call
from strongroom_client.calls import batches
from strongroom_client.exchange import Flow, Item, answer_to
from strongroom_client.rows import Row, rows_of

T = TypeVar("T")
T_co = TypeVar("T_co", covariant=True)

LARGEST_PAGE = 200


class Page(Protocol[T_co]):
    """A part of a list, with a link to the next."""

    @property
    def items(self) -> Sequence[T_co]:
        """What the part has."""
        ...

    @property
    def next(self) -> str | None:
        """Where the next part is; None at the end."""
        ...


def items_of(call: Call[Page[T]]) -> Flow[None]:
    """Give the items of a list, page after page, as they are asked for."""
    following: Call[Page[T]] | None = call
    while following is not None:
        page = yield from answer_to(following)
        for item in page.items:
            yield Item(item)
        following = _following(following, page)


def whole(call: Call[Page[T]]) -> Flow[list[T]]:
    """Return all items of a list."""
    found: list[T] = []
    following: Call[Page[T]] | None = call
    while following is not None:
        page = yield from answer_to(following)
        found.extend(page.items)
        following = _following(following, page)
    return found


def list_batch_rows(batch_id: str) -> Flow[list[Row]]:
    """Return all variants of a batch as flat rows with the same columns.

    `polars.DataFrame(rows)` and `pandas.DataFrame(rows)` take them.
    """
    variants = yield from whole(batches.list_variants(batch_id, limit=LARGEST_PAGE))
    return rows_of(variants)


def _following(call: Call[Page[T]], page: Page[T]) -> Call[Page[T]] | None:
    """Return the call for the page after one; None at the end."""
    if page.next is None:
        return None
    return replace(call, path=page.next, query={}, is_link=True)
