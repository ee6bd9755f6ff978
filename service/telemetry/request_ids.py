"""The id of the current request, in its log lines and in its answer.

A client may send an id; otherwise one is created.
"""

import re
import uuid

from structlog.contextvars import bind_contextvars, get_contextvars

HEADER = "X-Request-ID"
MAXIMUM_CHARACTERS = 128
# No spaces and no quotes, for headers and log lines.
USABLE = re.compile(rf"[A-Za-z0-9._:/+=@-]{{1,{MAXIMUM_CHARACTERS}}}")
_KEY = "request_id"


def usable_id(given: str | None) -> str:
    """Return the given id if it is usable, otherwise a new one."""
    if given is not None and USABLE.fullmatch(given):
        return given
    return uuid.uuid4().hex


def begin_request(request_id: str) -> None:
    """Add the id to all later log lines of this task."""
    bind_contextvars(**{_KEY: request_id})


def current_request_id() -> str | None:
    """Return the id of the current request, if there is one."""
    found = get_contextvars().get(_KEY)
    return found if isinstance(found, str) else None
