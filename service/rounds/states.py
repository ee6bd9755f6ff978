"""The states of a round, and what may be done in each.

    OPEN --- closing time ---> CLOSED --- publish ---> PUBLISHED
     |                           |
     +---------- cancel ---------+--> CANCELLED

Nobody closes a round at its time: its state follows from the clock of the database, so
that all servers agree, and an offer is in time or not by that clock alone.
"""

import datetime as dt
from collections.abc import Mapping
from enum import StrEnum

from models.tables import Round
from service.errors import RoundStateError


class RoundState(StrEnum):
    """Where a round stands."""

    OPEN = "OPEN"
    CLOSED = "CLOSED"
    PUBLISHED = "PUBLISHED"
    CANCELLED = "CANCELLED"


class RoundAction(StrEnum):
    """What somebody wants to do with a round."""

    OFFER = "change offers"
    CLOSE = "be closed"
    CANCEL = "be cancelled"
    READ_OFFERS = "show the offers of all"
    PUBLISH = "publish awards"
    READ_AWARDS = "show awards"
    USE_RIGHTS = "have rights drawn on or transferred"


ALLOWED: Mapping[RoundState, frozenset[RoundAction]] = {
    RoundState.OPEN: frozenset(
        {RoundAction.OFFER, RoundAction.CLOSE, RoundAction.CANCEL}
    ),
    RoundState.CLOSED: frozenset(
        {RoundAction.CANCEL, RoundAction.READ_OFFERS, RoundAction.PUBLISH}
    ),
    RoundState.PUBLISHED: frozenset(
        {RoundAction.READ_OFFERS, RoundAction.READ_AWARDS, RoundAction.USE_RIGHTS}
    ),
    RoundState.CANCELLED: frozenset(),
}


def state_of(found: Round, now: dt.datetime) -> RoundState:
    """Return the state of a round at an instant."""
    if found.cancelled_at is not None:
        return RoundState.CANCELLED
    if found.published_at is not None:
        return RoundState.PUBLISHED
    return RoundState.OPEN if now < found.closes_at else RoundState.CLOSED


def check(found: Round, action: RoundAction, now: dt.datetime) -> None:
    """Raise RoundStateError unless the state of the round allows the action."""
    state = state_of(found, now)
    if action in ALLOWED[state]:
        return
    states = [name for name, actions in ALLOWED.items() if action in actions]
    detail = f"It is {state} and cannot {action}; that needs {' or '.join(states)}."
    raise RoundStateError(detail)
