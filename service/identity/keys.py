"""API keys: made, taken apart, and compared with what is stored of them.

A key has 256 random bits, too many to try: a slow hash would cost each request and add
nothing. The hash is keyed instead, by a secret that is not in the database: write
access to the database, or a backup, is not enough to make a key that works.
"""

import hashlib
import hmac
import re
import secrets
from typing import NamedTuple

from models.tables.account import NUMBER_OF_PREFIX_CHARACTERS

NUMBER_OF_SECRET_BYTES = 32
# Tools that look for secrets in public places find keys by their beginning.
_FORM = re.compile(r"strongroom_([0-9a-f]{12})_([A-Za-z0-9_-]{43})")


class NewKey(NamedTuple):
    """A key that is shown once, and the prefix by which it is found."""

    text: str
    prefix: str


def new_key() -> NewKey:
    """Return a random key."""
    prefix = secrets.token_hex(NUMBER_OF_PREFIX_CHARACTERS // 2)
    secret = secrets.token_urlsafe(NUMBER_OF_SECRET_BYTES)
    return NewKey(f"strongroom_{prefix}_{secret}", prefix)


def prefix_of(text: str) -> str | None:
    """Return the prefix of what has the form of a key, otherwise None."""
    found = _FORM.fullmatch(text)
    return None if found is None else found[1]


def digest_of(text: str, account_secret: bytes) -> str:
    """Return what is stored of a key."""
    return hmac.new(account_secret, text.encode(), hashlib.sha256).hexdigest()


def is_key_of(text: str, digest: str, account_secret: bytes) -> bool:
    """Whether the stored digest is that of the key; the time tells nothing."""
    return hmac.compare_digest(digest_of(text, account_secret), digest)
