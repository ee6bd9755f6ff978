"""The id of the request that is being answered: in its log lines and in its answer.

Whoever asks may bring an id, to find it again here; else one is made.
"""

import re
import uuid

from structlog.contextvars import bind_contextvars, get_contextvars

HEADER = "X-Request-ID"
MAXIMUM_CHARACTERS = 128
# No spaces and no quotes: it stands in headers and in log lines.
USABLE = re.compile(rf"[A-Za-z0-9._:/+=@-]{{1,{MAXIMUM_CHARACTERS}}}")
_KEY = "request_id"


def usable_id(given: str | None) -> str:
    """Return what was given if it can be used as it is, and else a new id."""
    if given is not None and USABLE.fullmatch(given):
        return given
    return uuid.uuid4().hex


def begin_request(request_id: str) -> None:
    """Let all that this task does from now on belong to that request."""
    bind_contextvars(**{_KEY: request_id})


def current_request_id() -> str | None:
    """Return the id of the request that is being answered, if one is."""
    found = get_contextvars().get(_KEY)
    return found if isinstance(found, str) else None
