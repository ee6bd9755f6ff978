"""Waiting until a job or a batch has ended, and following the log of a solve.

The server is asked to answer when there is something new (`Prefer: wait`, RFC 7240,
with the entity tag of what is known). One that cannot wait answers at once and says
when to ask again.
"""

import time
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from typing import Any, Generic, TypeVar

import httpx2

from strongroom_client.answers import (
    BatchResource,
    JobResource,
    OwnJobResource,
    OwnProgressResource,
    ProgressResource,
    RightMenus,
)
from strongroom_client.call import Call
from strongroom_client.calls import analyses, batches, jobs, own, own_rounds, plans
from strongroom_client.errors import JobEndedError, JobUnfinishedError
from strongroom_client.exchange import Flow, Item, Pause, answer_to, asked_s
from strongroom_client.lists import LARGEST_PAGE, Page, whole

T = TypeVar("T")
Job = TypeVar("Job", JobResource, OwnJobResource)
Line = TypeVar("Line", ProgressResource, OwnProgressResource)

FINISHED = frozenset({"SUCCEEDED", "FAILED", "CANCELLED"})
WAIT_S = 20  # well below the patience of proxies
POLL_S = 1.0  # if the server neither waits nor says when to ask again
SHORT_S = 0.2  # after it waited: lines of a log come together, and it may be stopping
NOT_MODIFIED = 304

Report = Callable[[ProgressResource], object]
OwnReport = Callable[[OwnProgressResource], object]


@dataclass(frozen=True, slots=True)
class _Look(Generic[T]):
    """What a look finds; state: None if it is as it was. pause_s: until the next."""

    state: T | None
    tag: str | None
    pause_s: float


def wait_for_job(
    job_id: str, *, timeout_s: float | None = None, report: Report | None = None
) -> Flow[JobResource]:
    """Return a job when it has SUCCEEDED.

    report: called with each line of the log of the solve.
    Raises JobEndedError if it FAILED or was CANCELLED, and JobUnfinishedError after
    `timeout_s` seconds; the job goes on then.
    """
    lines = partial(jobs.list_progress, job_id, limit=LARGEST_PAGE)
    return (yield from _succeeded(jobs.get_job(job_id), lines, timeout_s, report))


def wait_for_own_answer(
    job_id: str, *, timeout_s: float | None = None, report: OwnReport | None = None
) -> Flow[dict[str, Any]]:
    """Return the answer of an own job when it has SUCCEEDED, as `wait_for_job` does."""
    lines = partial(own.list_own_progress, job_id, limit=LARGEST_PAGE)
    yield from _succeeded(own.get_own_job(job_id), lines, timeout_s, report)
    return (yield from answer_to(own.get_own_answer(job_id)))


def wait_for_document(
    job_id: str, *, timeout_s: float | None = None, report: Report | None = None
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
    seen, tag, wait_s = 0, None, 0
    while True:
        look = yield from answer_to(_look(jobs.get_job(job_id), tag, wait_s))
        if look.state is not None:
            for line in (yield from _new_lines(job_id, seen)):
                yield Item(line)
                seen = line.number
            if look.state.state in FINISHED:
                return
        tag, wait_s = look.tag, WAIT_S
        yield Pause(look.pause_s)


def wait_for_batch(
    batch_id: str, *, timeout_s: float | None = None
) -> Flow[BatchResource]:
    """Return a batch when each of its jobs has ended, however it did.

    Raises JobUnfinishedError after `timeout_s` seconds; the batch goes on then.
    """
    until = _until(timeout_s)
    while True:
        call = batches.get_batch(batch_id)
        look = yield from answer_to(_look(call, None, 0))
        if look.state is not None and look.state.is_finished:
            return look.state
        yield _pause(f"Batch {batch_id} has not ended", look.pause_s, until)


def _succeeded(
    job: Call[Job],
    lines: Callable[..., Call[Page[Line]]],
    timeout_s: float | None,
    report: Callable[[Line], object] | None,
) -> Flow[Job]:
    """Return a job when it has SUCCEEDED, and report the lines of its log."""
    until, seen, tag = _until(timeout_s), 0, None
    look = yield from answer_to(_look(job, None, 0))
    while True:
        if report is not None and look.state is not None:
            tag = look.tag
            for line in (yield from whole(lines(after=seen))):
                report(line)
                seen = line.number
        if look.state is not None and look.state.state in FINISHED:
            break
        yield _pause("The job has not ended", look.pause_s, until)
        look = yield from answer_to(_look(job, tag, _wait_s(until)))
    if look.state.state != "SUCCEEDED":
        raise JobEndedError(look.state)
    return look.state


def wait_for_valuation(
    round_id: str,
    *,
    number_of_scenarios: int | None = None,
    timeout_s: float | None = None,
) -> Flow[RightMenus]:
    """Return what the rights of an open round are worth to the own participant.

    Raises ConflictError if it cannot be computed, and JobUnfinishedError after
    `timeout_s` seconds; the job goes on then.
    """
    until = _until(timeout_s)
    call = own_rounds.value_own_rights(
        round_id, number_of_scenarios=number_of_scenarios
    )
    while True:
        found = yield from answer_to(call)
        if found.valuation is not None:
            return found.valuation
        yield _pause("The valuation has not ended", POLL_S, until)


def _new_lines(job_id: str, seen: int) -> Flow[list[ProgressResource]]:
    call = jobs.list_progress(job_id, after=seen, limit=LARGEST_PAGE)
    return (yield from whole(call))


def _look(call: Call[T], tag: str | None, wait_s: int) -> Call[_Look[T]]:
    """Return a call that waits for the end, or with a tag for any change."""
    preferred = {"Prefer": f"wait={wait_s}"} if wait_s else {}
    known = {"If-None-Match": tag} if tag else {}

    def read(response: httpx2.Response) -> _Look[T]:
        is_new = response.status_code != NOT_MODIFIED
        state = call.read(response) if is_new else None
        return _Look(state, response.headers.get("etag"), _pause_s(response))

    return Call(
        call.method,
        call.path,
        read,
        call.query,
        headers={**preferred, **known},
        statuses=frozenset({NOT_MODIFIED}),
        wait_s=wait_s,
    )


def _pause_s(response: httpx2.Response) -> float:
    if "preference-applied" in response.headers:
        return SHORT_S
    asked = asked_s(response)
    return POLL_S if asked is None else asked


def _until(timeout_s: float | None) -> float | None:
    return None if timeout_s is None else time.monotonic() + timeout_s


def _wait_s(until: float | None) -> int:
    """Return how long the server may wait, whole seconds."""
    left_s = WAIT_S if until is None else until - time.monotonic()
    return max(0, min(WAIT_S, int(left_s)))


def _pause(state: str, pause_s: float, until: float | None) -> Pause:
    """Return the pause before the next look, or raise JobUnfinishedError."""
    if until is None:
        return Pause(pause_s)
    left_s = until - time.monotonic()
    if left_s <= 0:
        msg = f"{state} when the time was up."
        raise JobUnfinishedError(msg)
    return Pause(min(pause_s, left_s))
