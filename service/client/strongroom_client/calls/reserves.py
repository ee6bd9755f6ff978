"""Reserves, and the ledgers that are kept of them."""

from collections.abc import Mapping

from strongroom_client.answers import (
    LotChain,
    PageReserveEntryResource,
    PageReserveResource,
    ReserveEntryContent,
    ReserveEntryResource,
    ReserveResource,
    StandingReserveResource,
)
from strongroom_client.call import Call, as_answer, given, path_of


def open_a_reserve(name: str) -> Call[ReserveResource]:
    """Open a reserve, whose ledger is empty."""
    read = as_answer(ReserveResource)
    # Sent twice, it would open two.
    return Call(
        "POST", "/v1/reserves", read, body=given(name=name), is_repeatable=False
    )


def list_reserves(
    *, sort: str | None = None, limit: int | None = None
) -> Call[PageReserveResource]:
    """List the reserves, latest first; sort="oldest" turns the order round."""
    read = as_answer(PageReserveResource)
    return Call("GET", "/v1/reserves", read, {"sort": sort, "limit": limit})


def get_reserve(reserve_id: str) -> Call[StandingReserveResource]:
    """Return where a reserve stands: its last position and the plan in force."""
    path = path_of("/v1/reserves/{}", reserve_id)
    return Call("GET", path, as_answer(StandingReserveResource))


def append_reserve_entry(  # noqa: PLR0913 - the fields of the body
    reserve_id: str,
    predecessor: str,
    kind: str,
    *,
    case: str | None = None,
    plan: str | None = None,
    document: Mapping[str, object] | None = None,
    corrects: str | None = None,
    reason: str | None = None,
) -> Call[ReserveEntryResource]:
    """Add an entry after the last one. Raises ConflictError if the ledger has gone on.

    predecessor: hash of the last entry that is known, or `head` of the reserve.
    kind: "position" with a case, "plan" with a plan, "observation" or "orders" with a
    document, or "correction", which also names the entry that it corrects and why.
    """
    path = path_of("/v1/reserves/{}/entries", reserve_id)
    body = given(
        predecessor=predecessor,
        kind=kind,
        case=case,
        plan=plan,
        document=document,
        corrects=corrects,
        reason=reason,
    )
    read = as_answer(ReserveEntryResource)
    # Sent twice, the second answer would be that the ledger has gone on.
    return Call("POST", path, read, body=body, is_repeatable=False)


def list_reserve_entries(
    reserve_id: str,
    *,
    kind: str | None = None,
    sort: str | None = None,
    limit: int | None = None,
) -> Call[PageReserveEntryResource]:
    """List the entries of the ledger of a reserve, of a kind or all."""
    path = path_of("/v1/reserves/{}/entries", reserve_id)
    query = {"kind": kind, "sort": sort, "limit": limit}
    return Call("GET", path, as_answer(PageReserveEntryResource), query)


def get_reserve_entry(reserve_id: str, entry_hash: str) -> Call[ReserveEntryContent]:
    """Return an entry with all that it says."""
    path = path_of("/v1/reserves/{}/entries/{}", reserve_id, entry_hash)
    return Call("GET", path, as_answer(ReserveEntryContent))


def list_lots(reserve_id: str) -> Call[list[LotChain]]:
    """List the lots that a reserve has or had, each from the mine on."""
    path = path_of("/v1/reserves/{}/lots", reserve_id)
    return Call("GET", path, as_answer(list[LotChain]))


def get_lot(reserve_id: str, lot: str) -> Call[LotChain]:
    """Return the chain of a lot: where it is from, and what became of it."""
    path = path_of("/v1/reserves/{}/lots/{}", reserve_id, lot)
    return Call("GET", path, as_answer(LotChain))
