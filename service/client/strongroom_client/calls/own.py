"""What a planner sees of its own participant: published plans, orders and answers."""

from collections.abc import Mapping
from typing import Any

from strongroom_client.answers import (
    OwnJobResource,
    OwnPlanResource,
    PageOwnJobResource,
    PageOwnProgressResource,
)
from strongroom_client.call import Call, as_answer, order_headers, path_of


def list_own_plans() -> Call[list[OwnPlanResource]]:
    """List the plans that are published to the participant, the latest first."""
    return Call("GET", "/v1/own/plans", as_answer(list[OwnPlanResource]))


def get_own_plan(publication_id: str) -> Call[OwnPlanResource]:
    """Return a plan that is published to the participant."""
    path = path_of("/v1/own/plans/{}", publication_id)
    return Call("GET", path, as_answer(OwnPlanResource))


def order_own_analysis(
    publication_id: str,
    name: str,
    parameters: Mapping[str, object] | None = None,
    *,
    is_fresh: bool = False,
    idempotency_key: str | None = None,
) -> Call[OwnJobResource]:
    """Order an analysis of a published plan for the participant of the account.

    "participant": what the plan means for it; "value-rights": what each right that it
    asks for is worth to it, by quantity.
    """
    path = path_of("/v1/own/plans/{}/analyses/{}", publication_id, name)
    return Call(
        "POST",
        path,
        as_answer(OwnJobResource),
        body={**(parameters or {})},
        headers=order_headers(idempotency_key, is_fresh=is_fresh),
    )


def list_own_jobs(
    *, state: str | None = None, sort: str | None = None, limit: int | None = None
) -> Call[PageOwnJobResource]:
    """List what planners of the participant ordered, latest first.

    sort="oldest" turns the order round.
    """
    query = {"state": state, "sort": sort, "limit": limit}
    return Call("GET", "/v1/own/jobs", as_answer(PageOwnJobResource), query)


def get_own_job(job_id: str) -> Call[OwnJobResource]:
    """Return the state of a job."""
    return Call("GET", path_of("/v1/own/jobs/{}", job_id), as_answer(OwnJobResource))


def list_own_progress(
    job_id: str, *, after: int = 0, limit: int | None = None
) -> Call[PageOwnProgressResource]:
    """List the log of a job in order, from the line after that number on."""
    path = path_of("/v1/own/jobs/{}/progress", job_id)
    query = {"after": after, "limit": limit}
    return Call("GET", path, as_answer(PageOwnProgressResource), query)


def get_own_answer(job_id: str) -> Call[dict[str, Any]]:
    """Return the answer of a job that has SUCCEEDED."""
    path = path_of("/v1/own/jobs/{}/answer", job_id)
    return Call("GET", path, as_answer(dict[str, Any]))


def cancel_own_job(job_id: str) -> Call[OwnJobResource]:
    """Cancel a job. Raises ConflictError if it has ended."""
    path = path_of("/v1/own/jobs/{}/cancel", job_id)
    # Sent twice, the second answer would be that it has ended.
    return Call("POST", path, as_answer(OwnJobResource), is_repeatable=False)
