"""`Prefer: wait=N` (RFC 7240): an answer once a job has ended, or after N seconds."""

import re
from collections.abc import Awaitable, Callable
from time import monotonic
from typing import Annotated, Protocol, TypeVar

from fastapi import Depends, Header, Response

from models.tables import JobState
from service.api.job_watch import JobWatch
from service.jobs.states import is_finished

LONGEST_WAIT_S = 60
_WAIT = re.compile(r'(?:^|,)\s*wait\s*=\s*"?(\d{1,9})"?\s*(?=$|[,;])', re.IGNORECASE)


async def preferred_wait(
    prefer: Annotated[
        str | None,
        Header(
            description="`wait=N`: answer when the job has ended, or after N seconds, "
            f"{LONGEST_WAIT_S} at most."
        ),
    ] = None,
) -> int | None:
    """Return how many seconds the client prefers to wait; None if it does not."""
    # A preference that cannot be understood is ignored (RFC 7240, 2).
    found = _WAIT.search(prefer or "")
    return None if found is None else min(int(found[1]), LONGEST_WAIT_S)


PreferredWait = Annotated[int | None, Depends(preferred_wait)]


class Waitable(Protocol):
    """A job in an answer, whoever reads it."""

    id: str
    state: JobState
    href: str


Resource = TypeVar("Resource", bound=Waitable)


def has_ended(resource: Waitable) -> bool:
    """Whether a job has ended."""
    return is_finished(resource.state)


async def waited(
    watch: JobWatch,
    resource: Resource,
    wait_s: int | None,
    read: Callable[[], Awaitable[Resource]],
    is_enough: Callable[[Resource], bool] = has_ended,
) -> Resource:
    """Return a job as soon as it is as the client wants it, or the time is over."""
    deadline_s, seen = monotonic() + (wait_s or 0), None
    while not is_enough(resource) and monotonic() < deadline_s:
        if watch.is_closing:
            break
        # The first look may come before or after `resource` was read: read it again.
        seen = await watch.changed(resource.id, seen, deadline_s - monotonic())
        resource = await read()
    return resource


def note_preference(response: Response, wait_s: int | None) -> None:
    """Say in an answer that the preference was honoured."""
    if wait_s is not None:
        response.headers["Preference-Applied"] = f"wait={wait_s}"
