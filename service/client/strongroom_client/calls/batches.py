"""Batches."""

from collections.abc import Mapping, Sequence

from strongroom_client.answers import (
    BatchResource,
    BatchSummary,
    OrderedBatchResource,
    PageBatchSummary,
    PageVariantResource,
)
from strongroom_client.call import Call, as_answer, given, order_headers, path_of


def submit_a_batch(  # noqa: PLR0913 - the fields of the order
    case: Mapping[str, object] | str,
    *,
    name: str | None = None,
    options: Mapping[str, object] | None = None,
    named_variants: Sequence[str] | None = None,
    variants: Sequence[Mapping[str, object]] | None = None,
    grid: Mapping[str, Sequence[object]] | None = None,
    memory_limit_bytes: int | None = None,
    number_of_threads: int | None = None,
    is_fresh: bool = False,
    idempotency_key: str | None = None,
) -> Call[OrderedBatchResource]:
    """Order solves of a case and of variants of it.

    named_variants: names of variants that the case has.
    variants: each with `name` and `patch`, `keep`, `drop`, `add` or `set`.
    grid: values by path; each combination is a variant.
    """
    axes = grid and [{"path": path, "values": x} for path, x in grid.items()]
    body = given(
        case=case,
        name=name,
        options=options,
        named_variants=named_variants,
        variants=variants,
        grid=axes,
        memory_limit_bytes=memory_limit_bytes,
        number_of_threads=number_of_threads,
    )
    headers = order_headers(idempotency_key, is_fresh=is_fresh)
    read = as_answer(OrderedBatchResource)
    return Call("POST", "/v1/batches", read, body=body, headers=headers)


def list_batches(
    *, case: str | None = None, sort: str | None = None, limit: int | None = None
) -> Call[PageBatchSummary]:
    """List the batches, latest first; sort="oldest" turns the order round."""
    query = {"case": case, "sort": sort, "limit": limit}
    return Call("GET", "/v1/batches", as_answer(PageBatchSummary), query)


def get_batch(
    batch_id: str,
    *,
    limit: int | None = None,
    measures: Sequence[str] | None = None,
) -> Call[BatchResource]:
    """Return a batch and the comparison of its variants so far.

    measures: those of the Pareto set.
    """
    path = path_of("/v1/batches/{}", batch_id)
    query = {"limit": limit, "measures": measures}
    return Call("GET", path, as_answer(BatchResource), query)


def list_variants(
    batch_id: str, *, state: str | None = None, limit: int | None = None
) -> Call[PageVariantResource]:
    """List the variants of a batch in order; number 0 is the case as it is."""
    path = path_of("/v1/batches/{}/variants", batch_id)
    query = {"state": state, "limit": limit}
    return Call("GET", path, as_answer(PageVariantResource), query)


def pause_batch(batch_id: str) -> Call[BatchSummary]:
    """Let queued jobs of a batch wait; running ones go on."""
    return _change(batch_id, "pause")


def resume_batch(batch_id: str) -> Call[BatchSummary]:
    """Let jobs of a batch be started again."""
    return _change(batch_id, "resume")


def cancel_a_batch(batch_id: str) -> Call[BatchSummary]:
    """Cancel all jobs of a batch that have not ended."""
    return _change(batch_id, "cancel")


def retry_batch(batch_id: str) -> Call[BatchSummary]:
    """Order a new job for each variant whose job FAILED or was CANCELLED."""
    return _change(batch_id, "retry", is_repeatable=False)


def _change(
    batch_id: str, verb: str, *, is_repeatable: bool = True
) -> Call[BatchSummary]:
    path = path_of("/v1/batches/{}/{}", batch_id, verb)
    return Call("POST", path, as_answer(BatchSummary), is_repeatable=is_repeatable)
