"""JSON as plain values: traps are mistakes."""

import pytest

from models.reading import InvalidCaseError
from service.files.json_values import parse_json
from service.files.nesting import MAXIMUM_DEPTH


def refusal(text: str) -> str:
    """Return the message with which a text is refused."""
    with pytest.raises(InvalidCaseError) as caught:
        parse_json(text, "case.json")
    return str(caught.value)


def test_a_key_given_twice_is_a_mistake_of_its_object() -> None:
    """The object is named by its id, if it has one."""
    message = refusal('{"a": [{"id": "nd", "x": 1, "x": 2}], "b": 1, "b": 2}')
    assert message.splitlines() == [
        "case.json, [nd].x: is 'given twice', expected each key once",
        "case.json.b: is 'given twice', expected each key once",
    ]


@pytest.mark.parametrize("depth", [MAXIMUM_DEPTH + 1, 900, 100_000])
def test_depth_is_limited(depth: int) -> None:
    """Brackets in brackets are a mistake and no crash."""
    message = refusal("[" * depth + "]" * depth)
    assert f"at most {MAXIMUM_DEPTH} levels" in message


def test_as_deep_as_the_limit_is_allowed() -> None:
    """The limit itself is within the limit."""
    parse_json("[" * MAXIMUM_DEPTH + "]" * MAXIMUM_DEPTH, "case.json")


def test_a_number_of_too_many_digits_is_refused() -> None:
    """The limit of the language on digits is a mistake of the text."""
    assert "fewer digits" in refusal("9" * 5000)


def test_nothing_after_the_end() -> None:
    """A second value is no JSON."""
    assert "expected JSON (Extra data)" in refusal('{"a": 1} {"b": 2}')
