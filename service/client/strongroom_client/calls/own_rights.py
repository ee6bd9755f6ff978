"""Rights that the own participant holds: draws, replenishments, lots for others."""

from collections.abc import Mapping

from strongroom_client.answers import (
    HoldingResource,
    LedgerEntryResource,
    TransferResource,
)
from strongroom_client.call import Call, as_answer, path_of


def list_own_holdings(round_id: str) -> Call[list[HoldingResource]]:
    """List what the own participant has of each right."""
    path = path_of("/v1/own/rounds/{}/holdings", round_id)
    return Call("GET", path, as_answer(list[HoldingResource]))


def list_own_entries(round_id: str) -> Call[list[LedgerEntryResource]]:
    """List the changes of the own rights, oldest first."""
    path = path_of("/v1/own/rounds/{}/ledger", round_id)
    return Call("GET", path, as_answer(list[LedgerEntryResource]))


def draw_on_own_right(
    round_id: str, right: str, tonnes: float
) -> Call[LedgerEntryResource]:
    """Draw on a right. A request whose answer is lost is not sent again: see ledger."""
    path = path_of("/v1/own/rounds/{}/holdings/{}/draws", round_id, right)
    return _entered(path, {"tonnes": tonnes})


def replenish_own_right(
    round_id: str, right: str, tonnes: float
) -> Call[LedgerEntryResource]:
    """Put back what was drawn. It is not sent again, either."""
    path = path_of("/v1/own/rounds/{}/holdings/{}/replenishments", round_id, right)
    return _entered(path, {"tonnes": tonnes})


def offer_own_lots(round_id: str, right: str, lots: int) -> Call[TransferResource]:
    """Offer lots of a right to the other participants of the round."""
    path = path_of("/v1/own/rounds/{}/holdings/{}/transfers", round_id, right)
    read = as_answer(TransferResource)
    return Call("POST", path, read, body={"lots": lots}, is_repeatable=False)


def list_own_transfers(round_id: str) -> Call[list[TransferResource]]:
    """List what others offer now, and what the own participant gave or took."""
    path = path_of("/v1/own/rounds/{}/transfers", round_id)
    return Call("GET", path, as_answer(list[TransferResource]))


def take_offered_lots(round_id: str, transfer_id: str) -> Call[TransferResource]:
    """Take lots that another participant offers, if a manager consents."""
    return _change(round_id, transfer_id, "take")


def withdraw_own_lots(round_id: str, transfer_id: str) -> Call[TransferResource]:
    """Take back own lots. Raises ConflictError if somebody has taken them."""
    return _change(round_id, transfer_id, "withdraw")


def _entered(path: str, body: Mapping[str, object]) -> Call[LedgerEntryResource]:
    read = as_answer(LedgerEntryResource)
    return Call("POST", path, read, body=body, is_repeatable=False)


def _change(round_id: str, transfer_id: str, verb: str) -> Call[TransferResource]:
    path = path_of("/v1/own/rounds/{}/transfers/{}/{}", round_id, transfer_id, verb)
    # Sent twice, the second answer would be that it is no longer on offer.
    return Call("POST", path, as_answer(TransferResource), is_repeatable=False)
