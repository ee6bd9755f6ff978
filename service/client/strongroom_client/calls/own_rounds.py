"""Rounds, as the planner of a participant takes part in them."""

from strongroom_client.answers import (
    OfferResource,
    OwnAwardResource,
    OwnValuationResource,
    PageRoundResource,
    RoundResource,
)
from strongroom_client.call import Call, as_answer, given, path_of


def list_own_rounds(
    *, sort: str | None = None, limit: int | None = None
) -> Call[PageRoundResource]:
    """List the rounds that the own participant may make offers in, latest first.

    sort="oldest" turns the order round.
    """
    read = as_answer(PageRoundResource)
    query = {"sort": sort, "limit": limit}
    return Call("GET", "/v1/own/rounds", read, query)


def get_own_round(round_id: str) -> Call[RoundResource]:
    """Return a round: its state, its rights with their prices, its closing time."""
    path = path_of("/v1/own/rounds/{}", round_id)
    return Call("GET", path, as_answer(RoundResource))


def value_own_rights(
    round_id: str, *, number_of_scenarios: int | None = None
) -> Call[OwnValuationResource]:
    """Value the rights of an open round; the valuation is None until it is computed.

    `wait_for_valuation` asks until it is there. Raises ConflictError if it failed.
    """
    path = path_of("/v1/own/rounds/{}/valuation", round_id)
    body = given(number_of_scenarios=number_of_scenarios)
    return Call("POST", path, as_answer(OwnValuationResource), body=body)


def list_own_offers(round_id: str) -> Call[list[OfferResource]]:
    """List the own offers, withdrawn ones too."""
    path = path_of("/v1/own/rounds/{}/offers", round_id)
    return Call("GET", path, as_answer(list[OfferResource]))


def put_own_offer(
    round_id: str, right: str, maximum_lots: int, *, minimum_lots: int | None = None
) -> Call[OfferResource]:
    """Make or change the offer for a right. Raises ConflictError once it has closed."""
    path = path_of("/v1/own/rounds/{}/offers/{}", round_id, right)
    body = given(maximum_lots=maximum_lots, minimum_lots=minimum_lots)
    return Call("PUT", path, as_answer(OfferResource), body=body)


def withdraw_own_offer(round_id: str, right: str) -> Call[OfferResource]:
    """Take back the offer for a right. Raises ConflictError once it has closed."""
    path = path_of("/v1/own/rounds/{}/offers/{}", round_id, right)
    # Sent twice, the second answer would be that there is none.
    return Call("DELETE", path, as_answer(OfferResource), is_repeatable=False)


def list_own_awards(round_id: str) -> Call[list[OwnAwardResource]]:
    """List what became of the own offers. Raises ConflictError until published."""
    path = path_of("/v1/own/rounds/{}/awards", round_id)
    return Call("GET", path, as_answer(list[OwnAwardResource]))
