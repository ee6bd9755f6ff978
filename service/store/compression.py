"""Documents as bytes: canonical JSON, compressed, and checked when it comes back."""

import hashlib
import zlib

from service.errors import DamagedDocumentError


def pack(text: str) -> bytes:
    """Return the canonical JSON of a document, compressed."""
    return zlib.compress(text.encode())


def unpack(content: bytes, content_hash: str) -> str:
    """Return the canonical JSON again, or raise if it is not what was stored."""
    try:
        text = zlib.decompress(content)
    except zlib.error:
        raise DamagedDocumentError(content_hash) from None
    if hashlib.sha256(text).hexdigest() != content_hash:
        raise DamagedDocumentError(content_hash)
    return text.decode()
