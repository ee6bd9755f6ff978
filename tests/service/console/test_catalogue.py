"""Every text is in every catalogue, translated, with the values that go into it."""

import re
from collections import defaultdict

import pytest

from service.console.languages import Language
from tests.service.console.catalogue import read_catalogue, shown_texts

languages = pytest.mark.parametrize("language", [x for x in Language if x != "en"])

NAMED = re.compile(r"%\(\w+\)\w|{\w+}")


@languages
def test_every_text_is_translated(language: Language) -> None:
    """`make texts` adds new ones, and takes out what is shown no longer."""
    messages = {x.id: x for x in read_catalogue(language) if x.id}
    assert set(messages) == set(shown_texts())
    assert [x for x, message in messages.items() if not message.string] == []
    assert [x for x, message in messages.items() if message.fuzzy] == []


@languages
def test_a_translation_has_the_values_of_its_text(language: Language) -> None:
    """By their names: %(name)s, in pictures {name}."""
    for message in read_catalogue(language):
        texts = [message.id] if isinstance(message.id, str) else list(message.id)
        string = message.string or ""
        plain = [string] if isinstance(string, str) else string
        expected = {y for x in texts for y in NAMED.findall(x)}
        assert {y for x in plain for y in NAMED.findall(x)} == expected


@languages
def test_a_translation_in_a_page_has_no_lone_per_cent_sign(language: Language) -> None:
    """Templates fill in values with %, also where there are none."""
    for message in read_catalogue(language):
        if any(name.endswith(".html") for name, _ in message.locations):
            string = message.string or ""
            for text in [string] if isinstance(string, str) else string:
                assert text % defaultdict(str) is not None
