"""Canonical JSON and content hashes of documents."""

import hashlib
import json
from typing import Any, cast

from pydantic import BaseModel


def canonical_json(document: BaseModel) -> str:
    """Return the canonical JSON: sorted keys and sets, no white space."""
    return canonical_text(document.model_dump(mode="python"))


def canonical_text(value: object) -> str:
    """Return the canonical JSON of the content of a document or field."""
    return json.dumps(
        _canonical(value),
        sort_keys=True,
        separators=(",", ":"),
        ensure_ascii=False,
        default=str,
    )


def content_hash(document: BaseModel) -> str:
    """Return the SHA-256 of the canonical JSON, in hexadecimal."""
    return hashlib.sha256(canonical_json(document).encode()).hexdigest()


def _canonical(value: Any) -> Any:  # noqa: ANN401 - JSON has any value
    if isinstance(value, dict):
        fields = cast("dict[str, Any]", value)
        return {key: _canonical(item) for key, item in fields.items()}
    if isinstance(value, frozenset):
        return sorted(cast("frozenset[str]", value))
    if isinstance(value, list | tuple):
        return [_canonical(item) for item in cast("list[Any] | tuple[Any]", value)]
    return value
