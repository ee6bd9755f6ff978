"""Documents as bytes: canonical JSON, compressed, and checked when it is read."""

import hashlib
import json
import zlib

from models.content import canonical_text
from service.errors import DamagedDocumentError


def pack(text: str) -> bytes:
    """Return the canonical JSON of a document, compressed."""
    return zlib.compress(text.encode())


def unpack(content: bytes, content_hash: str) -> str:
    """Return the canonical JSON, or raise DamagedDocumentError."""
    return _checked(_decompressed(content, content_hash), content_hash).decode()


def unpack_onto(base: str, content: bytes, content_hash: str) -> str:
    """Return a case that is stored as the sections that differ from a base.

    Both are canonical JSON. Raises DamagedDocumentError like `unpack`.
    """
    sections = json.loads(base) | json.loads(_decompressed(content, content_hash))
    return _checked(canonical_text(sections).encode(), content_hash).decode()


def _decompressed(content: bytes, content_hash: str) -> bytes:
    try:
        return zlib.decompress(content)
    except zlib.error:
        raise DamagedDocumentError(content_hash) from None


def _checked(text: bytes, content_hash: str) -> bytes:
    if hashlib.sha256(text).hexdigest() != content_hash:
        raise DamagedDocumentError(content_hash)
    return text
