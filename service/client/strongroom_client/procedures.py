"""What takes several calls: lists in pages, waiting, following a solve."""

import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import Any, Generic, Protocol, TypeVar

import httpx2

from strongroom_client.answers import BatchResource, JobResource, ProgressResource
from strongroom_client.call import Call
from strongroom_client.calls import analyses, batches, jobs, plans
from strongroom_client.errors import JobEndedError, JobUnfinishedError
from strongroom_client.exchange import Flow, Item, Pause, answer_to
from strongroom_client.rows import Row, rows_of

T = TypeVar("T")
T_co = TypeVar("T_co", covariant=True)

FINISHED = frozenset({"SUCCEEDED", "FAILED", "CANCELLED"})
POLL_S = 1.0  # unless the server says when to ask again
LARGEST_PAGE = 200


class Page(Protocol[T_co]):
    """A part of a list, with a link to the next."""

    @property
    def items(self) -> Sequence[T_co]:
        """What the part has."""
        ...

    @property
    def next(self) -> str | None:
        """Where the next part is; None at the end."""
        ...


@dataclass(frozen=True, slots=True)
class Polled(Generic[T]):
    """A state, and the seconds after which to ask again."""

    state: T
    pause_s: float


def items_of(call: Call[Page[T]]) -> Flow[None]:
    """Give the items of a list, page after page, as they are asked for."""
    following: Call[Page[T]] | None = call
    while following is not None:
        page = yield from answer_to(following)
        for item in page.items:
            yield Item(item)
        following = _following(following, page)


def wait_for_job(
    job_id: str,
    *,
    timeout_s: float | None = None,
    report: Callable[[ProgressResource], object] | None = None,
) -> Flow[JobResource]:
    """Return a job when it has SUCCEEDED.

    report: called with each line of the log of the solve.
    Raises JobEndedError if it FAILED or was CANCELLED, and JobUnfinishedError after
    `timeout_s` seconds; the job goes on then.
    """
    until, seen = _until(timeout_s), 0
    while True:
        polled = yield from answer_to(_polled(jobs.get_job(job_id)))
        if report is not None:
            for line in (yield from _new_lines(job_id, seen)):
                report(line)
                seen = line.number
        if polled.state.state in FINISHED:
            break
        yield _pause(f"Job {job_id} is {polled.state.state}", polled.pause_s, until)
    if polled.state.state != "SUCCEEDED":
        raise JobEndedError(polled.state)
    return polled.state


def wait_for_document(
    job_id: str,
    *,
    timeout_s: float | None = None,
    report: Callable[[ProgressResource], object] | None = None,
) -> Flow[dict[str, Any]]:
    """Return what a job was ordered for: a plan, an evaluation or an analysis.

    Waits as `wait_for_job` does. Raises NotFoundError if the case is infeasible.
    """
    job = yield from wait_for_job(job_id, timeout_s=timeout_s, report=report)
    if job.evaluation is not None:
        return (yield from answer_to(plans.get_evaluation(job.evaluation)))
    if job.analysis_document is not None:
        return (yield from answer_to(analyses.get_analysis(job.analysis_document)))
    return (yield from answer_to(jobs.get_plan_of_job(job_id)))


def follow_job(job_id: str) -> Flow[None]:
    """Give the lines of the log of a solve as they come, until the job has ended."""
    seen = 0
    while True:
        polled = yield from answer_to(_polled(jobs.get_job(job_id)))
        for line in (yield from _new_lines(job_id, seen)):
            yield Item(line)
            seen = line.number
        if polled.state.state in FINISHED:
            return
        yield Pause(polled.pause_s)


def wait_for_batch(
    batch_id: str, *, timeout_s: float | None = None
) -> Flow[BatchResource]:
    """Return a batch when each of its jobs has ended, however it did.

    Raises JobUnfinishedError after `timeout_s` seconds; the batch goes on then.
    """
    until = _until(timeout_s)
    while True:
        polled = yield from answer_to(_polled(batches.get_batch(batch_id)))
        if polled.state.is_finished:
            return polled.state
        yield _pause(f"Batch {batch_id} has not ended", polled.pause_s, until)


def list_batch_rows(batch_id: str) -> Flow[list[Row]]:
    """Return all variants of a batch as flat rows with the same columns.

    `polars.DataFrame(rows)` and `pandas.DataFrame(rows)` take them.
    """
    variants = yield from _all(batches.list_variants(batch_id, limit=LARGEST_PAGE))
    return rows_of(variants)


def _new_lines(job_id: str, seen: int) -> Flow[list[ProgressResource]]:
    call = jobs.list_progress(job_id, after=seen, limit=LARGEST_PAGE)
    return (yield from _all(call))


def _all(call: Call[Page[T]]) -> Flow[list[T]]:
    """Return all items of a list."""
    found: list[T] = []
    following: Call[Page[T]] | None = call
    while following is not None:
        page = yield from answer_to(following)
        found.extend(page.items)
        following = _following(following, page)
    return found


def _following(call: Call[Page[T]], page: Page[T]) -> Call[Page[T]] | None:
    """Return the call for the page after one; None at the end."""
    if page.next is None:
        return None
    return replace(call, path=page.next, query={}, is_link=True)


def _polled(call: Call[T]) -> Call[Polled[T]]:
    """Return the same call with an answer that says when to ask again."""

    def read(response: httpx2.Response) -> Polled[T]:
        asked = response.headers.get("retry-after", "")
        pause_s = float(asked) if asked.isdecimal() else POLL_S
        return Polled(call.read(response), pause_s)

    return Call(call.method, call.path, read, call.query)


def _until(timeout_s: float | None) -> float | None:
    return None if timeout_s is None else time.monotonic() + timeout_s


def _pause(state: str, pause_s: float, until: float | None) -> Pause:
    """Return the pause before the next look, or raise JobUnfinishedError."""
    if until is None:
        return Pause(pause_s)
    left_s = until - time.monotonic()
    if left_s <= 0:
        msg = f"{state} when the time was up."
        raise JobUnfinishedError(msg)
    return Pause(min(pause_s, left_s))
