"""The states of a transfer, and what may be done in each.

OFFERED --- take ---> TAKEN --- consent ---> DONE
|                    |
+--- withdraw        +------ refuse ----> REFUSED
WITHDRAWN
"""

from collections.abc import Mapping
from enum import StrEnum

from models.tables import RightTransfer
from service.errors import TransferStateError


class TransferState(StrEnum):
    """Where a transfer stands."""

    OFFERED = "OFFERED"
    TAKEN = "TAKEN"
    DONE = "DONE"
    REFUSED = "REFUSED"
    WITHDRAWN = "WITHDRAWN"


# The state in which each may be done.
NEEDED: Mapping[str, TransferState] = {
    "take": TransferState.OFFERED,
    "withdraw": TransferState.OFFERED,
    "consent": TransferState.TAKEN,
    "refuse": TransferState.TAKEN,
}


def transfer_state(found: RightTransfer) -> TransferState:
    """Return the state of a transfer."""
    if found.consented_at is not None:
        return TransferState.DONE
    if found.refused_at is not None:
        return TransferState.REFUSED
    if found.withdrawn_at is not None:
        return TransferState.WITHDRAWN
    return TransferState.OFFERED if found.taker is None else TransferState.TAKEN


def check_transfer(found: RightTransfer, action: str) -> None:
    """Raise TransferStateError unless the state of a transfer allows the action."""
    state = transfer_state(found)
    if state is not NEEDED[action]:
        detail = f"It is {state}; to {action} it needs {NEEDED[action]}."
        raise TransferStateError(detail)
