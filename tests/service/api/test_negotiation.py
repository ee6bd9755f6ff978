"""The media type of an answer, by the Accept header of the request."""

import pytest
from fastapi import Request

from service.api.negotiation import preferred
from service.errors import NotAcceptableError

OFFERED = ("application/json", "text/csv", "text/html")


def asking(*accept: str) -> Request:
    """Return a request with these Accept headers."""
    headers = [(b"accept", each.encode()) for each in accept]
    return Request({"type": "http", "headers": headers})


@pytest.mark.parametrize(
    ("accept", "expected"),
    [
        ("", "application/json"),
        ("*/*", "application/json"),
        ("text/*", "text/csv"),
        ("TEXT/CSV", "text/csv"),
        ("text/csv; header=present", "text/csv"),
        ("text/csv;q=0.5, text/html;q=0.7", "text/html"),
        ("text/csv, */*", "text/csv"),
        ("text/csv;q=0.2, */*;q=0.1", "text/csv"),
        ("*/*, application/json;q=0.1", "text/csv"),
        ("text/*;q=0.9, text/csv;q=0, application/json;q=0.8", "text/html"),
        # As browsers ask.
        (
            "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8",
            "text/html",
        ),
        # What is no media range counts for nothing.
        ("csv, text/csv;q=2, application/json", "application/json"),
        ("*/csv, text/html", "text/html"),
    ],
)
def test_the_preferred_type_is_chosen(accept: str, expected: str) -> None:
    """By weight, then by how closely it is named, then in the order of the server."""
    assert preferred(asking(accept), OFFERED) == expected


def test_two_headers_are_one() -> None:
    """As if they were joined by a comma; without any, the first type is chosen."""
    asked = asking("text/csv;q=0.1", "text/html;q=0.2")
    assert preferred(asked, OFFERED) == "text/html"
    assert preferred(asking(), OFFERED) == "application/json"


@pytest.mark.parametrize("accept", ["image/png", "*/*;q=0", "csv", "text/csv;q=0.000"])
def test_what_is_not_offered_is_not_acceptable(accept: str) -> None:
    """The error lists what is."""
    with pytest.raises(NotAcceptableError, match="text/csv, text/html"):
        preferred(asking(accept), OFFERED)
