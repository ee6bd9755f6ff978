"""The answers of the client are those that the server describes."""

from tests.service.client.answers import WRITTEN, answers


def test_the_answers_are_those_of_the_description() -> None:
    """`make client` would write the same."""
    assert WRITTEN.read_text(encoding="utf-8") == answers(), "run `make client`"
