"""YAML as plain values: numbers are numbers, words are words, traps are mistakes."""

import math

import pytest

from models.reading import InvalidCaseError
from service.files.json_values import MAXIMUM_DEPTH, parse_json
from service.files.yaml_values import parse_yaml


def refusal(text: str) -> str:
    """Return the message with which a text is refused."""
    with pytest.raises(InvalidCaseError) as caught:
        parse_yaml(text, "case.yaml")
    return str(caught.value)


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("8e9", 8e9),
        ("1e-4", 1e-4),
        ("-.5", -0.5),
        ("012", 12),
        ("1_000_000", 1_000_000),
        ("0.5", 0.5),
        ("true", True),
        ("~", None),
        ("", None),
        (".inf", math.inf),
    ],
)
def test_a_plain_word_is_what_it_looks_like(text: str, value: object) -> None:
    """Exponents need no point, and a leading nought is no octal number."""
    assert parse_yaml(text, "case.yaml") == value


@pytest.mark.parametrize(
    "text", ["NO", "no", "yes", "on", "OFF", "y", "2026-03-10", "12:30:00", "1.2.3"]
)
def test_words_stay_words(text: str) -> None:
    """Only true and false are booleans; dates are left to the fields that are dates."""
    assert parse_yaml(text, "case.yaml") == text


def test_quoted_numbers_stay_text() -> None:
    """Quotes make a value a text."""
    text = "- '1'\n- \"true\"\n- |\n  2\n"
    assert parse_yaml(text, "case.yaml") == ["1", "true", "2\n"]


def test_keys_are_text() -> None:
    """A year as a key is the same key as in JSON."""
    assert parse_yaml("2026: a\nno: b\n", "case.yaml") == {"2026": "a", "no": "b"}


def test_nested_values_are_in_their_place() -> None:
    """Mappings in lists in mappings, in both styles."""
    text = "a:\n  - b: 1\n    c: [2, {d: 3}]\n  - null\ne: {}\nf: []\n"
    wanted: object = {"a": [{"b": 1, "c": [2, {"d": 3}]}, None], "e": {}, "f": []}
    assert parse_yaml(text, "case.yaml") == wanted


def test_every_key_given_twice_is_a_mistake() -> None:
    """All of them are reported, with path, line and the line of the first."""
    message = refusal("a:\n- b: 1\n  b: 2\nc: 3\na: 4\n")
    first, second = message.splitlines()
    assert first.startswith("case.yaml, line 3, a[0].b: is 'given twice'")
    assert first.endswith("(first on line 2)")
    assert second.startswith("case.yaml, line 5, a: is 'given twice'")


def test_an_alias_is_a_copy() -> None:
    """What is changed in one place later stays as it was in the other."""
    value = parse_yaml("a: &s {x: [1]}\nb: *s\nc: &n 8e9\nd: *n\n", "case.yaml")
    assert value == {"a": {"x": [1]}, "b": {"x": [1]}, "c": 8e9, "d": 8e9}
    assert isinstance(value, dict)
    assert value["a"] is not value["b"]


def test_aliases_of_aliases_are_limited() -> None:
    """Ten lines of aliases of aliases would be three thousand million values."""
    lines = ["a0: &a0 [x, x]"]
    lines += [f"a{i}: &a{i} [{', '.join([f'*a{i - 1}'] * 9)}]" for i in range(1, 11)]
    assert "expected aliases for at most 100,000 values" in refusal("\n".join(lines))


def test_aliases_do_not_get_round_the_depth() -> None:
    """Each line is deep by 40, and stands in the one before it."""
    deep, end = "[" * 40, "]" * 40
    lines = [f"- &a0 {deep}{end}"]
    lines += [f"- &a{i} {deep}*a{i - 1}{end}" for i in range(1, 50)]
    assert f"at most {MAXIMUM_DEPTH} levels" in refusal("\n".join(lines))


@pytest.mark.parametrize("text", ["a: *b\n", "a: &a [*a]\n", "a: *b\nb: &b 1\n"])
def test_an_alias_comes_after_what_it_stands_for(text: str) -> None:
    """An unknown alias, and one inside itself, stand for nothing."""
    assert "the alias" in refusal(text)


@pytest.mark.parametrize(
    "text", ["a: !!python/object/apply:os.system [ls]", "a: !!int 3", "!x {b: 1}"]
)
def test_a_tag_is_refused(text: str) -> None:
    """No text chooses what is made of it."""
    assert "expected no tags" in refusal(text)


def test_a_second_document_is_refused() -> None:
    """A file is one case."""
    assert "expected one document" in refusal("a: 1\n---\na: 2\n")


def test_a_list_as_key_is_refused() -> None:
    """Keys are words."""
    assert "expected a word as key" in refusal("? [1, 2]\n: 3\n")


def test_a_control_character_is_refused() -> None:
    """What no editor shows is not read."""
    assert "control characters are not allowed" in refusal("a: \x07")


def test_half_a_surrogate_pair_is_refused() -> None:
    """So Python reads a byte of a command line that is no UTF-8."""
    assert "expected text that UTF-8 can carry" in refusal("a: \udcff")


@pytest.mark.parametrize("opening", ["[", "{a: "])
def test_depth_is_limited(opening: str) -> None:
    """A million brackets are a mistake and no crash."""
    assert f"at most {MAXIMUM_DEPTH} levels" in refusal(opening * 1_000_000)


def test_a_number_of_many_digits_is_infinite() -> None:
    """The reader refuses it if it is not finite."""
    assert parse_yaml("9" * 5000, "case.yaml") == math.inf


def refusal_of_json(text: str) -> str:
    """Return the message with which a text is refused."""
    with pytest.raises(InvalidCaseError) as caught:
        parse_json(text, "case.json")
    return str(caught.value)


def test_a_key_given_twice_is_a_mistake_of_its_object() -> None:
    """The object is named by its id, if it has one."""
    message = refusal_of_json('{"a": [{"id": "nd", "x": 1, "x": 2}], "b": 1, "b": 2}')
    assert message.splitlines() == [
        "case.json, [nd].x: is 'given twice', expected each key once",
        "case.json.b: is 'given twice', expected each key once",
    ]


@pytest.mark.parametrize("depth", [MAXIMUM_DEPTH + 1, 900, 100_000])
def test_depth_of_json_is_limited(depth: int) -> None:
    """Brackets in brackets are a mistake and no crash."""
    message = refusal_of_json("[" * depth + "]" * depth)
    assert f"at most {MAXIMUM_DEPTH} levels" in message


def test_as_deep_as_the_limit_is_allowed() -> None:
    """The limit itself is within the limit."""
    parse_json("[" * MAXIMUM_DEPTH + "]" * MAXIMUM_DEPTH, "case.json")


def test_a_number_of_too_many_digits_is_refused() -> None:
    """The limit of the language on digits is a mistake of the text."""
    assert "fewer digits" in refusal_of_json("9" * 5000)


def test_nothing_after_the_end() -> None:
    """A second value is no JSON."""
    assert "expected JSON (Extra data)" in refusal_of_json('{"a": 1} {"b": 2}')


@pytest.mark.parametrize(
    ("text", "place", "name"),
    [
        ("id:\xa0x\nname: y\n", "line 1, column 4", "U+00A0 NO-BREAK SPACE"),
        ("id: x\n\xa0name: y\n", "line 2, column 1", "U+00A0 NO-BREAK SPACE"),
        ("é: 1\na: \xa05\n", "line 2, column 4", "U+00A0 NO-BREAK SPACE"),
        ("a: 5\xa0000\n", "line 1, column 5", "U+00A0 NO-BREAK SPACE"),
        ("a: [1,\xa02]\n", "line 1, column 7", "U+00A0 NO-BREAK SPACE"),
        ("- a\n-\xa0b\n", "line 2, column 2", "U+00A0 NO-BREAK SPACE"),
        ("a: 1\u200b\n", "line 1, column 5", "U+200B ZERO WIDTH SPACE"),
        ("\u3000a: 1\n", "line 1, column 1", "U+3000 IDEOGRAPHIC SPACE"),
        ("a:\u20281\n", "line 1, column 3", "U+2028 LINE SEPARATOR"),
        ("a: 1\x07\n", "line 1, column 5", "U+0007"),
        ("a: 1\n\x00", "line 2, column 1", "U+0000"),
    ],
)
def test_a_character_that_looks_like_a_space_is_named(
    text: str, place: str, name: str
) -> None:
    """With its line and column, since it cannot be seen."""
    message = refusal(text)
    assert message.startswith(f"case.yaml, {place}: ")
    assert name in message


def test_such_a_character_inside_a_name_or_in_quotation_marks_stays() -> None:
    """There it is meant."""
    text = "a: Rare\xa0earth\nb: '\xa0x'\n"
    assert parse_yaml(text, "case.yaml") == {"a": "Rare\xa0earth", "b": "\xa0x"}
