"""Whether the documents of a backup are those that their hashes name."""

import hashlib
import json
import zlib
from collections.abc import Iterable, Mapping
from typing import Any

# A row may have only the sections that differ from those of another case.
BASE = "base_hash"


def bases_in(rows: Iterable[Mapping[str, Any]]) -> dict[str, bytes | None]:
    """Return the hashes of documents that others are the difference from."""
    return {row[BASE]: None for row in rows if row.get(BASE) is not None}


def is_genuine(row: Mapping[str, Any], bases: dict[str, bytes | None]) -> bool:
    """Whether a row has the document that its hash names; keep it if it is a base.

    A base comes before what differs from it.
    """
    try:
        text = zlib.decompress(row["content"])
        if row.get(BASE) is not None:
            text = _onto(bases[row[BASE]], text)
    except (zlib.error, ValueError, TypeError):
        return False
    name = row["content_hash"]
    if name in bases:
        bases[name] = text
    return hashlib.sha256(text).hexdigest() == name


def _onto(base: bytes | None, text: bytes) -> bytes:
    """Return the canonical JSON of a case of which only some sections are there."""
    if base is None:
        msg = "its base is not there"
        raise ValueError(msg)
    sections: dict[str, Any] = json.loads(base) | json.loads(text)
    return json.dumps(
        sections, sort_keys=True, separators=(",", ":"), ensure_ascii=False
    ).encode()
