"""A body that is too large is refused in so many words, and the server goes on."""

import pytest

from tests.journeys.server import Server

pytestmark = pytest.mark.journey

JSON = {"content-type": "application/json"}


def test_sixty_megabytes_are_refused_and_the_server_goes_on(
    standing_server: Server,
) -> None:
    """The client reads a 413 although it was still sending."""
    answer = standing_server.client.post(
        "/cases", content=b" " * 60_000_000, headers=JSON
    )
    assert answer.status_code == 413
    assert answer.headers["content-type"] == "application/problem+json"
    assert standing_server.get("/health")["is_healthy"]


def test_a_body_of_unknown_length_is_refused_as_well(standing_server: Server) -> None:
    """It is counted while it comes."""
    parts = (b" " * 1_000_000 for _ in range(60))
    answer = standing_server.client.post("/cases", content=parts, headers=JSON)
    assert answer.status_code == 413
    assert standing_server.get("/health")["is_healthy"]
