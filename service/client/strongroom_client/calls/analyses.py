"""Analyses of plans and cases. The server lists them with their parameters."""

from collections.abc import Mapping
from typing import Any, Literal

from strongroom_client.answers import (
    AnalysisFileResource,
    AnalysisResource,
    JobResource,
)
from strongroom_client.call import (
    Call,
    as_answer,
    as_bytes,
    given,
    order_headers,
    path_of,
)

Subject = Literal["plan", "case"]


def list_analyses() -> Call[list[AnalysisResource]]:
    """List the analyses that can be ordered, each with the schema of its parameters."""
    return Call("GET", "/v1/analyses", as_answer(list[AnalysisResource]))


def order_analysis(  # noqa: PLR0913 - the fields of the order
    subject: Subject,
    content_hash: str,
    name: str,
    parameters: Mapping[str, object] | None = None,
    *,
    priority: int | None = None,
    memory_limit_bytes: int | None = None,
    number_of_threads: int | None = None,
    is_fresh: bool = False,
    idempotency_key: str | None = None,
) -> Call[JobResource]:
    """Order an analysis of a plan or of a case, given by its hash.

    Of a plan: "participant", "explain", "replay" and others; of a case: "frontier",
    "sensitivity" and others. Once the job has SUCCEEDED, `analysis_document` is the
    hash of the answer.
    """
    terms = given(
        priority=priority,
        memory_limit_bytes=memory_limit_bytes,
        number_of_threads=number_of_threads,
    )
    path = path_of("/v1/{}s/{}/analyses/{}", subject, content_hash, name)
    return Call(
        "POST",
        path,
        as_answer(JobResource),
        body={**(parameters or {}), **terms},
        headers=order_headers(idempotency_key, is_fresh=is_fresh),
    )


def get_analysis(content_hash: str) -> Call[dict[str, Any]]:
    """Return the answer of an analysis."""
    path = path_of("/v1/analyses/{}", content_hash)
    return Call("GET", path, as_answer(dict[str, Any]))


def list_analysis_files(content_hash: str) -> Call[list[AnalysisFileResource]]:
    """List the files of an analysis: pictures, tables, the zip of a dossier."""
    path = path_of("/v1/analyses/{}/files", content_hash)
    return Call("GET", path, as_answer(list[AnalysisFileResource]))


def get_analysis_file(content_hash: str, name: str) -> Call[bytes]:
    """Return a file of an analysis."""
    path = path_of("/v1/analyses/{}/files/{}", content_hash, name)
    return Call("GET", path, as_bytes)
