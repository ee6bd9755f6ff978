"""Rounds, as managers conduct them."""

import datetime as dt
from collections.abc import Mapping, Sequence

from strongroom_client.answers import (
    ConductedRoundResource,
    PageConductedRoundResource,
    ParticipantOfferResource,
    StoredCaseResource,
)
from strongroom_client.call import Call, as_answer, given, path_of


def open_a_round(
    case: str,
    name: str,
    rights: Sequence[Mapping[str, object]],
    closes_at: dt.datetime | str,
    *,
    participants: Sequence[str] | None = None,
) -> Call[ConductedRoundResource]:
    """Open a round for a stored case, given by its hash.

    rights: each with `id`, `material`, a price and the rules of draws.
    closes_at: with a time zone; offers are taken until then.
    participants: who may make offers; all of the case if not given.
    """
    closing = closes_at.isoformat() if isinstance(closes_at, dt.datetime) else closes_at
    body = given(
        case=case,
        name=name,
        rights=rights,
        closes_at=closing,
        participants=participants,
    )
    read = as_answer(ConductedRoundResource)
    # Sent twice, it would open two.
    return Call("POST", "/v1/rounds", read, body=body, is_repeatable=False)


def list_rounds(
    *, sort: str | None = None, limit: int | None = None
) -> Call[PageConductedRoundResource]:
    """List the rounds, latest first; sort="oldest" turns the order round."""
    read = as_answer(PageConductedRoundResource)
    return Call("GET", "/v1/rounds", read, {"sort": sort, "limit": limit})


def get_round(round_id: str) -> Call[ConductedRoundResource]:
    """Return where a round stands."""
    path = path_of("/v1/rounds/{}", round_id)
    return Call("GET", path, as_answer(ConductedRoundResource))


def close_a_round(round_id: str) -> Call[ConductedRoundResource]:
    """Close a round before its time. Raises ConflictError unless it is open."""
    return _change(round_id, "close")


def cancel_a_round(round_id: str) -> Call[ConductedRoundResource]:
    """Cancel a round. Raises ConflictError if its awards are published."""
    return _change(round_id, "cancel")


def list_offers(round_id: str) -> Call[list[ParticipantOfferResource]]:
    """List the offers of all. Raises ConflictError before the round has closed."""
    path = path_of("/v1/rounds/{}/offers", round_id)
    return Call("GET", path, as_answer(list[ParticipantOfferResource]))


def put_case_of_round(round_id: str) -> Call[StoredCaseResource]:
    """Store the case with all offers, so that it can be solved."""
    path = path_of("/v1/rounds/{}/case", round_id)
    return Call("POST", path, as_answer(StoredCaseResource))


def publish_a_round(
    round_id: str, plan: str, *, explanation: str | None = None
) -> Call[ConductedRoundResource]:
    """Let each participant see what a plan of that case awards to it.

    explanation: hash of an analysis "explain" of the plan, whose reasons they see, too.
    """
    path = path_of("/v1/rounds/{}/publication", round_id)
    body = given(plan=plan, explanation=explanation)
    read = as_answer(ConductedRoundResource)
    return Call("POST", path, read, body=body, is_repeatable=False)


def _change(round_id: str, verb: str) -> Call[ConductedRoundResource]:
    path = path_of("/v1/rounds/{}/{}", round_id, verb)
    # Sent twice, the second answer would be that it is so already.
    read = as_answer(ConductedRoundResource)
    return Call("POST", path, read, is_repeatable=False)
