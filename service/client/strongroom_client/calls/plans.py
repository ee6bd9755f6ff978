"""Plans and their evaluations."""

from typing import Any

from strongroom_client.answers import JobResource, PublicationResource, TableResource
from strongroom_client.call import (
    Call,
    as_answer,
    as_bytes,
    as_nothing,
    given,
    order_headers,
    path_of,
)


def get_plan(content_hash: str) -> Call[dict[str, Any]]:
    """Return a plan."""
    path = path_of("/v1/plans/{}", content_hash)
    return Call("GET", path, as_answer(dict[str, Any]))


def put_publication(content_hash: str, title: str) -> Call[PublicationResource]:
    """Show a plan to the planners of the participants of its case, by that title."""
    path = path_of("/v1/plans/{}/publication", content_hash)
    return Call("PUT", path, as_answer(PublicationResource), body={"title": title})


def get_publication(content_hash: str) -> Call[PublicationResource]:
    """Return to whom a plan is shown. Raises NotFoundError if to nobody."""
    path = path_of("/v1/plans/{}/publication", content_hash)
    return Call("GET", path, as_answer(PublicationResource))


def delete_publication(content_hash: str) -> Call[None]:
    """Withdraw a plan: planners see neither it nor what they ordered of it."""
    path = path_of("/v1/plans/{}/publication", content_hash)
    return Call("DELETE", path, as_nothing)


def submit_evaluation_of_plan(  # noqa: PLR0913 - the fields of the order
    content_hash: str,
    *,
    number_of_scenarios: int | None = None,
    seed: int | None = None,
    precision: float | None = None,
    replications: int | None = None,
    replication_scenarios: int | None = None,
    priority: int | None = None,
    memory_limit_bytes: int | None = None,
    number_of_threads: int | None = None,
    is_fresh: bool = False,
    idempotency_key: str | None = None,
) -> Call[JobResource]:
    """Order that a plan is followed through fresh scenarios drawn with that seed.

    With replications, its optimality gap is estimated by solving as many samples.
    """
    body = given(
        number_of_scenarios=number_of_scenarios,
        seed=seed,
        precision=precision,
        replications=replications,
        replication_scenarios=replication_scenarios,
        priority=priority,
        memory_limit_bytes=memory_limit_bytes,
        number_of_threads=number_of_threads,
    )
    path = path_of("/v1/plans/{}/evaluations", content_hash)
    headers = order_headers(idempotency_key, is_fresh=is_fresh)
    return Call("POST", path, as_answer(JobResource), body=body, headers=headers)


def get_evaluation(content_hash: str) -> Call[dict[str, Any]]:
    """Return the statistics of an evaluation."""
    path = path_of("/v1/evaluations/{}", content_hash)
    return Call("GET", path, as_answer(dict[str, Any]))


def list_tables(content_hash: str) -> Call[list[TableResource]]:
    """List the tables of an evaluation."""
    path = path_of("/v1/evaluations/{}/tables", content_hash)
    return Call("GET", path, as_answer(list[TableResource]))


def get_table(content_hash: str, name: str) -> Call[bytes]:
    """Return a table of an evaluation as a Parquet file."""
    path = path_of("/v1/evaluations/{}/tables/{}", content_hash, name)
    return Call("GET", path, as_bytes)
