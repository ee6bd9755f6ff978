"""Headers of an order: its key, and whether what is known already may answer it."""

from typing import Annotated

from fastapi import Header

from models.tables.job import MAXIMUM_KEY_CHARACTERS
from service.errors import InvalidIdempotencyKeyError

IdempotencyKey = Annotated[
    str | None,
    Header(
        description="A name for this order: sent again, it gives the same answer again."
    ),
]
CacheControl = Annotated[
    str | None,
    Header(description="`no-cache`: solve anew, also what was solved before."),
]


def check_key(key: str | None) -> None:
    """Raise InvalidIdempotencyKeyError if the key cannot be kept."""
    if key is not None and not 1 <= len(key) <= MAXIMUM_KEY_CHARACTERS:
        detail = f"It has 1 to {MAXIMUM_KEY_CHARACTERS} characters."
        raise InvalidIdempotencyKeyError(detail)


def wants_fresh(cache_control: str | None) -> bool:
    """Whether the answer must not come from what is known."""
    wishes = (cache_control or "").split(",")
    return any(wish.strip().lower() in {"no-cache", "no-store"} for wish in wishes)
