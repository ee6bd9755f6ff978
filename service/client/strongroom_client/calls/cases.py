"""Cases."""

from collections.abc import Mapping
from typing import Any

from strongroom_client.answers import (
    PageCaseResource,
    ShippedCaseResource,
    StoredCaseResource,
)
from strongroom_client.call import Call, as_answer, path_of


def put_case(case: Mapping[str, object] | str) -> Call[StoredCaseResource]:
    """Store a case, given whole or by the name of a shipped one or of a variant."""
    return Call("POST", "/v1/cases", as_answer(StoredCaseResource), body=case)


def list_cases(
    *, case_id: str | None = None, sort: str | None = None, limit: int | None = None
) -> Call[PageCaseResource]:
    """List the cases that were stored, latest first; sort="oldest" turns it round.

    case_id: the name that a case gives itself.
    """
    query = {"case_id": case_id, "sort": sort, "limit": limit}
    return Call("GET", "/v1/cases", as_answer(PageCaseResource), query)


def list_shipped_cases() -> Call[list[ShippedCaseResource]]:
    """List the cases that ship, each followed by its variants."""
    return Call("GET", "/v1/cases/shipped", as_answer(list[ShippedCaseResource]))


def get_case(content_hash: str) -> Call[dict[str, Any]]:
    """Return a case as it is stored."""
    path = path_of("/v1/cases/{}", content_hash)
    return Call("GET", path, as_answer(dict[str, Any]))
