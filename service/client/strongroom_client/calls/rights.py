"""Rights that rounds awarded, as managers see them."""

from strongroom_client.answers import (
    ParticipantEntryResource,
    ParticipantTransferResource,
)
from strongroom_client.call import Call, as_answer, path_of


def list_ledger(round_id: str) -> Call[list[ParticipantEntryResource]]:
    """List awards, draws, replenishments and transfers, oldest first."""
    path = path_of("/v1/rounds/{}/ledger", round_id)
    return Call("GET", path, as_answer(list[ParticipantEntryResource]))


def list_transfers(round_id: str) -> Call[list[ParticipantTransferResource]]:
    """List the transfers, oldest first."""
    path = path_of("/v1/rounds/{}/transfers", round_id)
    return Call("GET", path, as_answer(list[ParticipantTransferResource]))


def consent_to_transfer(
    round_id: str, transfer_id: str
) -> Call[ParticipantTransferResource]:
    """Let lots pass to the participant that has taken them."""
    return _decide(round_id, transfer_id, "consent")


def refuse_transfer(
    round_id: str, transfer_id: str
) -> Call[ParticipantTransferResource]:
    """Leave lots with their holder."""
    return _decide(round_id, transfer_id, "refuse")


def _decide(
    round_id: str, transfer_id: str, verb: str
) -> Call[ParticipantTransferResource]:
    path = path_of("/v1/rounds/{}/transfers/{}/{}", round_id, transfer_id, verb)
    # Sent twice, the second answer would be that it is decided.
    read = as_answer(ParticipantTransferResource)
    return Call("POST", path, read, is_repeatable=False)
