"""Entity tags (RFC 9110): 304 for what a client has, 412 for what it has no longer.

A tag is made of the answer that the client itself may read, after that was permitted.
So no tag tells anything of what somebody else owns.
"""

import hashlib
import re
from collections.abc import Mapping
from typing import Annotated

from fastapi import Header, Response
from pydantic import BaseModel

from service.errors import PreconditionFailedError

_TAG = re.compile(r'(W/)?("[^"]*")')
# What a tag says of the part, after the version.
_PART = re.compile(r'\.[^"]*"')
ANY = "*"
# A better plan or another state may come: clients must ask again, and get 304 if not.
PASSING = "private, no-cache"

IfNoneMatch = Annotated[
    str | None,
    Header(description="Tags that the client has; 304 if one is that of the answer."),
]
IfMatch = Annotated[
    str | None,
    Header(description="Change it only while its tag is one of these, otherwise 412."),
]


def tag_of(*parts: BaseModel) -> str:
    """Return the tag of an answer that consists of the parts."""
    return f'"{version_of(*parts)}"'


def version_of(*parts: BaseModel) -> str:
    """Return what is another one for whatever consists of other parts."""
    digest = hashlib.sha256()
    for part in parts:
        digest.update(part.model_dump_json().encode())
    return digest.hexdigest()


def tag_of_part(version: str, *parts: BaseModel) -> str:
    """Return the content of a tag of an answer that shows parts of some version.

    A client that has seen any part of the version may ask for it with If-Match.
    """
    return f"{version}.{version_of(*parts)}"


def is_known(tag: str, if_none_match: str | None) -> bool:
    """Whether a client has what has that tag. Weak tags count, as for all reads."""
    given = if_none_match or ""
    return given.strip() == ANY or tag in {tag for _, tag in _TAG.findall(given)}


def check_match(tag: str, if_match: str | None) -> None:
    """Raise PreconditionFailedError if the client wants to change another version."""
    if if_match is None or if_match.strip() == ANY:
        return
    # A weak tag never matches (RFC 9110, 13.1.1).
    if tag not in {tag for weak, tag in _TAG.findall(if_match) if not weak}:
        raise PreconditionFailedError


def check_version(version: str, if_match: str) -> None:
    """Raise PreconditionFailedError unless the client has seen a part of it."""
    check_match(f'"{version}"', _PART.sub('"', if_match))


def not_modified(headers: Mapping[str, str]) -> Response:
    """Return the answer that a client has it already."""
    return Response(status_code=304, headers=dict(headers))
