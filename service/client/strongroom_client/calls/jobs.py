"""Jobs."""

from collections.abc import Mapping
from typing import Any

from strongroom_client.answers import (
    JobResource,
    PageJobResource,
    PageProgressResource,
)
from strongroom_client.call import Call, as_answer, given, order_headers, path_of


def submit_job(  # noqa: PLR0913 - the fields of the order
    case: str,
    *,
    options: Mapping[str, object] | None = None,
    priority: int | None = None,
    memory_limit_bytes: int | None = None,
    number_of_threads: int | None = None,
    is_fresh: bool = False,
    idempotency_key: str | None = None,
) -> Call[JobResource]:
    """Order a solve of a case, given by its hash or as a shipped one by its name.

    options: what differs from the options of the case.
    priority: of two queued jobs the one with the smaller number starts first.
    is_fresh: solve again, even if there is a known answer.
    idempotency_key: a name for the order; sent again, it gives the same job again.
    """
    body = given(
        case=case,
        options=options,
        priority=priority,
        memory_limit_bytes=memory_limit_bytes,
        number_of_threads=number_of_threads,
    )
    headers = order_headers(idempotency_key, is_fresh=is_fresh)
    return Call("POST", "/v1/jobs", as_answer(JobResource), body=body, headers=headers)


def list_jobs(
    *,
    state: str | None = None,
    kind: str | None = None,
    case: str | None = None,
    portion_of: str | None = None,
    sort: str | None = None,
    limit: int | None = None,
) -> Call[PageJobResource]:
    """List the jobs, latest first; sort="oldest" turns the order round.

    case: hash of a case, as ordered or as solved. portion_of: id of an analysis.
    """
    query = {"state": state, "kind": kind, "case": case, "portion_of": portion_of}
    query |= {"sort": sort, "limit": limit}
    return Call("GET", "/v1/jobs", as_answer(PageJobResource), query)


def get_job(job_id: str) -> Call[JobResource]:
    """Return the state of a job and, once it has ended, its result."""
    return Call("GET", path_of("/v1/jobs/{}", job_id), as_answer(JobResource))


def list_progress(
    job_id: str, *, after: int = 0, limit: int | None = None
) -> Call[PageProgressResource]:
    """List the log of a solve in order, from the line after that number on."""
    path = path_of("/v1/jobs/{}/progress", job_id)
    query = {"after": after, "limit": limit}
    return Call("GET", path, as_answer(PageProgressResource), query)


def get_plan_of_job(job_id: str) -> Call[dict[str, Any]]:
    """Return the plan that a job found."""
    path = path_of("/v1/jobs/{}/plan", job_id)
    return Call("GET", path, as_answer(dict[str, Any]))


def get_incumbent_of_job(job_id: str) -> Call[dict[str, Any]]:
    """Return the best plan that a job has found so far, also after it ended."""
    path = path_of("/v1/jobs/{}/incumbent", job_id)
    return Call("GET", path, as_answer(dict[str, Any]))


def cancel_job(job_id: str) -> Call[JobResource]:
    """Cancel a job. Raises ConflictError if it has ended."""
    path = path_of("/v1/jobs/{}/cancel", job_id)
    # Sent twice, the second answer would be that it has ended.
    return Call("POST", path, as_answer(JobResource), is_repeatable=False)
